/*
 * Sentences of a rule file. Written for SLL: wherever two readings are possible the first alternative is meant.
 */
parser grammar RulesParser;

options { tokenVocab = RulesLexer; superClass = RulesParserBase; }

file: declaration* EOF;

/** A hole in a string. */
hole: expr EOF;

declaration
    : ruleDecl | controlDecl | keepDecl | sequenceDecl | alarmDecl | linkDecl | sceneDecl | groupDecl | variableDecl
    | counterDecl | uploadDecl | testDecl | expectDecl
    ;

// ---- rule -------------------------------------------------------------------------------------------------------------

ruleDecl: RULE STRING head* DO block END;

head
    : WHEN edge                                             # headWhen
    | IF expr                                               # headIf
    | MODE (SINGLE | RESTART | (QUEUE | PARALLEL) NUMBER)   # headMode
    | AFTER OUTAGE (RESUME | SKIP_ | FIRE)                  # headOutage
    | CLASS word                                            # headClass
    ;

// ---- edges ------------------------------------------------------------------------------------------------------------

edge
    : subject TURNS value held?                                         # edgeTurns
    | subject BECOMES (compareOp additive | IS? additive) held?         # edgeBecomes
    | subject CHANGES (BY by = additive)? (FROM from = additive)? (TO to = additive)?   # edgeChanges
    | subject REACHES additive                                          # edgeReaches
    | subject (ARRIVES | LEAVES) held?                                  # edgePresence
    | ref GOES (ONLINE | OFFLINE) held?                                 # edgeGoes
    | ref HAPPENS withArgs?                                             # edgeHappens
    | ref eventWord withArgs?                                           # edgeEvent
    | AT (DAY clock = additive | clock = additive) (EACH daySet)?       # edgeAt
    | EVERY additive                                                    # edgeEvery
    | STARTED                                                           # edgeStarted
    | CRON STRING                                                       # edgeCron
    | expr                                                              # edgeCondition
    ;

subject: (ANY | ALL | FIRST | LAST) OF ref | ref;

held: FOR additive;

daySet: word (COMMA word)*;

// ---- statements -------------------------------------------------------------------------------------------------------

block: statement*;

statement
    : TURN (ON | OFF) ref withArgs?                                     # stmtTurn
    | (OPEN | CLOSE | LOCK | UNLOCK) ref withArgs?                      # stmtVerb
    | TOGGLE ref                                                        # stmtToggle
    | SET ref (ASSIGN | TO) expr withArgs?                              # stmtSet
    | RELEASE ref                                                       # stmtRelease
    | ACTIVATE SCENE? PATH                                              # stmtActivate
    | CALL (ref | word) LPAREN args? RPAREN                             # stmtCall
    | NOTIFY (PATH (COMMA PATH)*)? STRING                               # stmtNotify
    | LOG STRING                                                        # stmtLog
    | RAISE ALARM? PATH                                                 # stmtRaise
    | CLEAR ALARM? PATH                                                 # stmtClear
    | WAIT UNTIL expr (WITHIN additive (ELSE waitElse)?)?               # stmtWaitUntil
    | WAIT FOR? additive                                                # stmtWait
    | IF expr THEN? block elseIf* (ELSE block)? END                     # stmtIf
    | REPEAT additive TIMES block END                                   # stmtRepeat
    | LET (word | PATH) ASSIGN CALL word LPAREN args? RPAREN (WITHIN additive (ELSE waitElse)?)?   # stmtLetCall
    | LET (word | PATH) ASSIGN expr                                     # stmtLet
    | STOP                                                              # stmtStop
    | FAIL STRING?                                                      # stmtFail
    ;

elseIf: ELSE IF expr THEN? block;

waitElse: FAIL STRING? | STOP | CONTINUE | DO block END;

withArgs: WITH withArg (COMMA withArg)*;

withArg: word (ASSIGN | COLON)? additive;

args: arg (COMMA arg)*;

arg: (word (COLON | ASSIGN))? expr;

// ---- expressions ------------------------------------------------------------------------------------------------------

expr: andExpr (OR andExpr)*;

andExpr: notExpr (AND notExpr)*;

notExpr: NOT* compared held?;

compared: additive tail?;

tail
    : IS NOT? isTail                                # tailIs
    | BETWEEN additive AND additive                 # tailBetween
    | compareOp additive                            # tailCompare
    ;

isTail
    : quality
    | BETWEEN additive AND additive
    | compareOp additive
    | additive
    ;

quality: BAD | STALE | UNKNOWN | ONLINE | OFFLINE;

compareOp: ASSIGN | NE | LT | LE | GT | GE;

additive: term ((PLUS | MINUS) term)*;

term: signed ((STAR | SLASH) signed)*;

signed: MINUS* primary;

primary
    : NUMBER                                        # primNumber
    | QUANTITY+                                     # primQuantity
    | CLOCK                                         # primClock
    | DAY                                           # primDay
    | STRING                                        # primString
    | SUN IS NOT? (UP | DOWN)                       # primSunIs
    | SUN MEMBER                                    # primSunValue
    | (DAWN | SUNRISE | NOON | SUNSET | DUSK)       # primSunTime
    | TODAY IS NOT? daySet                          # primToday
    | EVENT MEMBER                                  # primEvent
    | ALARM PATH IS NOT? (OUT OF SERVICE | word)    # primAlarm
    | (ANY | ALL | NONE) OF ref tail?               # primQuantified
    | COUNT OF ref countTail?                       # primCount
    | (AVERAGE | MIN | MAX | SUM) OF ref            # primAggregate
    | value LPAREN args? RPAREN                     # primCall
    | TIME                                          # primTime
    | value                                         # primWord
    | ref                                           # primRef
    | LPAREN expr RPAREN                            # primParen
    ;

countTail
    : IS NOT? quality
    | IS NOT? value
    | WHERE compareOp additive
    ;

ref: PATH MEMBER?;

// ---- control, while … keep --------------------------------------------------------------------------------------------

controlDecl: CONTROL ref controlPart* END;

controlPart
    : CLASS word                                    # controlClass
    | HOLD AT LEAST additive                        # controlHold
    | FAIL additive (WHEN expr)?                    # controlFail
    | additive WHEN expr                            # controlBranch
    ;

keepDecl: WHILE expr (CLASS word)? KEEP assignment (COMMA assignment)* (OTHERWISE keepElse)? END;

keepElse: RELEASE | assignment (COMMA assignment)* | additive;

assignment: ref (ASSIGN | TO) expr;

// ---- sequence ---------------------------------------------------------------------------------------------------------

sequenceDecl: SEQUENCE STRING sequenceHead* step* onFail? END;

sequenceHead: head | REQUIRE expr (COMMA expr)*;

step: STEP STRING block;

onFail: ON FAIL block;

// ---- alarm ------------------------------------------------------------------------------------------------------------

alarmDecl: ALARM PATH alarmPart* END;

alarmPart
    : PRIORITY word                                 # alarmPriority
    | WHEN expr                                     # alarmWhen
    | CLEAR WHEN expr                               # alarmClear
    | SUPPRESS (WHEN | WHILE) expr                  # alarmSuppress
    | REQUIRES ACK                                  # alarmAck
    | MESSAGE STRING                                # alarmMessage
    | NOTIFY PATH (COMMA PATH)*                     # alarmNotify
    | ESCALATE TO PATH AFTER additive (UNLESS ACKED)?   # alarmEscalate
    | SHELVE AT MOST additive                       # alarmShelve
    ;

// ---- link, scene, group, variable, counter, upload --------------------------------------------------------------------

linkDecl: LINK ref ARROW ref linkPart* END;

linkPart
    : COPY word (COMMA word)*                       # linkCopy
    | RUN AT (DEVICE (ELSE GATEWAY)? | GATEWAY)     # linkRun
    ;

sceneDecl: SCENE PATH assignment* END;

groupDecl: GROUP PATH ASSIGN (EVERY word (IN (STRING | PATH))? (TAGGED (STRING | PATH | word))? | ref (COMMA ref)*);

variableDecl: VARIABLE PATH (COLON word (BAR word)*)? ASSIGN expr;

counterDecl: COUNTER PATH measure resetAt?;

measure
    : MEASURES TIME WHILE expr                      # measureTime
    | INTEGRATES additive IN unit                   # measureIntegral
    | COUNTS edge                                   # measureCount
    ;

resetAt: RESET (WHEN edge | word (AT additive)?);

unit: unitPart (SLASH unitPart)?;

unitPart: word | PATH | UNIT_SIGN;

uploadDecl: UPLOAD ref (COMMA ref)* TO PATH uploadPart* END;

uploadPart
    : WHEN uploadWhen (OR uploadWhen)*              # uploadTrigger
    | BUFFER additive (IN ORDER)?                   # uploadBuffer
    ;

uploadWhen: CHANGED (BY additive)? | EVERY additive;

// ---- test, expect -----------------------------------------------------------------------------------------------------

testDecl: TEST STRING (GIVEN given (COMMA given)*)* timed* END;

given
    : SUN IS? (UP | DOWN)                           # givenSun
    | DATE? DAY CLOCK?                              # givenDate
    | TIME CLOCK                                    # givenTime
    | CALL word answer                              # givenCall
    | ref IS? quality                               # givenQuality
    | ref (ASSIGN | IS)? additive                   # givenReport
    ;

timed
    : AT additive act (COMMA act)*                  # timedAct
    | EXPECT AT additive expectation                # timedExpect
    ;

act
    : SUN IS? (UP | DOWN)                           # actSun
    | DATE DAY CLOCK?                               # actDate
    | TIME CLOCK                                    # actTime
    | RESTART (AFTER additive)?                     # actRestart
    | (ACKNOWLEDGE | SHELVE | UNSHELVE | SUPPRESS | UNSUPPRESS) ALARM? PATH (FOR additive)?   # actAlarm
    | ALARM PATH (OUT OF SERVICE | IN SERVICE)      # actService
    | CALL word answer                              # actCall
    | ref (IS | GOES)? quality                      # actQuality
    | ref ASSIGN expr                               # actReport
    | ref HAPPENS withArgs?                         # actHappens
    | ref eventWord withArgs?                       # actEvent
    ;

/** What calls of a function get from then on. */
answer: ASSIGN additive | FAIL STRING?;

expectation
    : NOT? NOTIFIED PATH STRING?                    # expectNotified
    | NOT? CALLED word                              # expectCalled
    | expr                                          # expectThat
    ;

expectDecl: EXPECT PATH COLON word;

// ---- words ------------------------------------------------------------------------------------------------------------

/** A word where a value may stand. What holds sentences together cannot be one (an option of that name is written as a string). */
value: WORD | keyword;

/** A word behind a device that names its event. Others are written with a dot: "Hall.Button.when happens". */
eventWord
    : WORD | ON | OFF | OPEN | CLOSE | CLOSED | LOCK | UNLOCK | TOGGLE | HOLD | STOP | UP | DOWN | STEP | RELEASE | SET
    | ALARM | TEST | SINGLE | UNKNOWN | CALL | RAISE | FIRE | RUN | CHANGED | STARTED
    ;

/** Any word where only a name can stand. */
word
    : WORD | keyword | NOT | AND | OR | IS | FOR | OF | WHEN | IF | DO | END | ELSE | THEN | TIME | SUNRISE | SUNSET | DAWN | DUSK
    | NOON
    ;

keyword
    : RULE | CONTROL | WHILE | SEQUENCE | ALARM | LINK | SCENE | GROUP | VARIABLE | COUNTER | UPLOAD | TEST | EXPECT
    | MODE | AFTER | OUTAGE | CLASS | STEP | REQUIRE | SINGLE | RESTART | QUEUE | PARALLEL | RESUME | SKIP_
    | FIRE | TURNS | BECOMES | CHANGES | CHANGED | REACHES | ARRIVES | LEAVES | GOES | HAPPENS | AT | EACH | EVERY | STARTED | CRON
    | FIRST | LAST | BY | FROM | TO | BETWEEN | BAD | STALE | UNKNOWN | ONLINE | OFFLINE | SUN | UP | DOWN
    | DATE | TODAY | EVENT | ANY | ALL | NONE | COUNT | AVERAGE | MIN | MAX | SUM | WHERE | TURN | ON | OFF | OPEN | CLOSE
    | CLOSED | LOCK | UNLOCK | TOGGLE | WITH | SET | RELEASE | ACTIVATE | CALL | NOTIFY | LOG | RAISE | CLEAR | WAIT | UNTIL
    | WITHIN | FAIL | STOP | CONTINUE | REPEAT | TIMES | LET | HOLD | LEAST | KEEP | OTHERWISE | PRIORITY | REQUIRES
    | ACK | MESSAGE | ESCALATE | UNLESS | ACKED | SHELVE | SUPPRESS | MOST | COPY | RUN | DEVICE | GATEWAY | IN | TAGGED | MEASURES
    | INTEGRATES | COUNTS | RESET | BUFFER | ORDER | GIVEN | NOTIFIED | ACKNOWLEDGE
    | CALLED | UNSHELVE | UNSUPPRESS | OUT | SERVICE
    ;
