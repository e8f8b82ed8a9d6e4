/*
 * Words of a rule file.
 *
 * Owners' names start upper-case or are back-quoted (PATH); a point, action or event behind a dot is one token with its dot
 * (MEMBER), so that no keyword can ever collide with it. A number swallows its unit (QUANTITY), which is split again when the
 * word behind it is a keyword ("repeat 3 times").
 */
lexer grammar RulesLexer;

options { superClass = RulesLexerBase; }

tokens { NUMBER }

// declarations
RULE: 'rule'; CONTROL: 'control'; WHILE: 'while'; SEQUENCE: 'sequence'; ALARM: 'alarm'; LINK: 'link'; SCENE: 'scene';
GROUP: 'group'; VARIABLE: 'variable'; COUNTER: 'counter'; UPLOAD: 'upload'; TEST: 'test'; EXPECT: 'expect';
// heads
WHEN: 'when'; IF: 'if'; MODE: 'mode'; AFTER: 'after'; OUTAGE: 'outage'; CLASS: 'class'; DO: 'do'; END: 'end'; STEP: 'step';
REQUIRE: 'require'; SINGLE: 'single'; RESTART: 'restart'; QUEUE: 'queue'; PARALLEL: 'parallel'; RESUME: 'resume'; SKIP_: 'skip';
FIRE: 'fire';
// edges
TURNS: 'turns'; BECOMES: 'becomes'; CHANGES: 'changes'; CHANGED: 'changed'; REACHES: 'reaches'; ARRIVES: 'arrives';
LEAVES: 'leaves'; GOES: 'goes'; HAPPENS: 'happens'; AT: 'at'; EACH: 'each'; EVERY: 'every'; STARTED: 'started'; CRON: 'cron';
FIRST: 'first'; LAST: 'last'; BY: 'by'; FROM: 'from'; TO: 'to';
// conditions
IS: 'is'; AND: 'and'; OR: 'or'; NOT: 'not'; FOR: 'for'; BETWEEN: 'between'; BAD: 'bad'; STALE: 'stale'; UNKNOWN: 'unknown';
ONLINE: 'online'; OFFLINE: 'offline'; SUN: 'sun'; UP: 'up'; DOWN: 'down'; TIME: 'time'; DATE: 'date'; TODAY: 'today';
EVENT: 'event'; ANY: 'any'; ALL: 'all'; NONE: 'none'; OF: 'of'; COUNT: 'count'; AVERAGE: 'average'; MIN: 'min'; MAX: 'max';
SUM: 'sum'; WHERE: 'where'; DAWN: 'dawn'; SUNRISE: 'sunrise'; NOON: 'noon'; SUNSET: 'sunset'; DUSK: 'dusk';
// statements
TURN: 'turn'; ON: 'on'; OFF: 'off'; OPEN: 'open'; CLOSE: 'close'; CLOSED: 'closed'; LOCK: 'lock'; UNLOCK: 'unlock';
TOGGLE: 'toggle'; WITH: 'with'; SET: 'set'; RELEASE: 'release'; ACTIVATE: 'activate'; CALL: 'call'; NOTIFY: 'notify'; LOG: 'log';
RAISE: 'raise'; CLEAR: 'clear'; WAIT: 'wait'; UNTIL: 'until'; WITHIN: 'within'; ELSE: 'else'; FAIL: 'fail'; STOP: 'stop';
CONTINUE: 'continue'; THEN: 'then'; REPEAT: 'repeat'; TIMES: 'times'; LET: 'let';
// parts of the other declarations
HOLD: 'hold'; LEAST: 'least'; KEEP: 'keep'; OTHERWISE: 'otherwise'; PRIORITY: 'priority'; REQUIRES: 'requires'; ACK: 'ack';
MESSAGE: 'message'; ESCALATE: 'escalate'; UNLESS: 'unless'; ACKED: 'acked'; SHELVE: 'shelve'; SUPPRESS: 'suppress'; MOST: 'most';
COPY: 'copy'; RUN: 'run'; DEVICE: 'device'; GATEWAY: 'gateway'; IN: 'in'; TAGGED: 'tagged'; MEASURES: 'measures';
INTEGRATES: 'integrates'; COUNTS: 'counts'; RESET: 'reset'; BUFFER: 'buffer'; ORDER: 'order'; GIVEN: 'given';
NOTIFIED: 'notified'; ACKNOWLEDGE: 'acknowledge'; CALLED: 'called'; UNSHELVE: 'unshelve'; UNSUPPRESS: 'unsuppress'; OUT: 'out';
SERVICE: 'service';

// symbols
ARROW: '->' | '→';
ASSIGN: '=' | '==';
NE: '!=' | '≠' | '<>';
LE: '<=' | '≤';
GE: '>=' | '≥';
LT: '<';
GT: '>';
PLUS: '+';
MINUS: '-' | '−';
STAR: '*' | '×' | '·';
SLASH: '/';
LPAREN: '(';
RPAREN: ')';
COMMA: ',';
COLON: ':';
BAR: '|';

// names
PATH: SEGMENT ('.' SEGMENT)*;
MEMBER: '.' LOWER;
WORD: LOWER;
UNIT_SIGN: [%‰°º℃℉] [\p{L}]*;

// literals
DAY: [0-9] [0-9] [0-9] [0-9] '-' [0-9] [0-9] '-' [0-9] [0-9];
CLOCK: [0-9] [0-9]? ':' [0-9] [0-9] (':' [0-9] [0-9])?;
QUANTITY: DIGITS ([ \t\u00A0\u202F]* UNIT)? { splitUnit(); };
STRING: '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';

// what is between
COMMENT: '#' ~[\r\n]* -> channel(HIDDEN);
SPACE: [ \t\r\n\f\u00A0\u202F\uFEFF]+ -> skip;

// what goes wrong: reported by the front, then treated as what it was meant to be
OPEN_STRING: '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;
OPEN_PATH: (SEGMENT '.')* '`' ~[`\r\n]*;
STRAY: .;

fragment SEGMENT: [\p{Lu}\p{Lt}] [\p{L}\p{N}_]* | '`' ~[`\r\n]+ '`';
fragment LOWER: [\p{Ll}\p{Lo}_] [\p{L}\p{N}_]*;
fragment DIGITS: [0-9]+ ('.' [0-9]+)?;
fragment UNIT: UNIT_PART ('/' UNIT_PART)*;
fragment UNIT_PART: [\p{L}%‰°℃℉] [\p{L}\p{N}%°·^]*;
