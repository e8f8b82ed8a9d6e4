package org.fieldhouse.rules.editor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.check.TestHouse;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completion in texts that are half written, which is when it is asked for. */
class CompletionTest {

    /** What must be among the best, by the place it is typed at. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // values of the point that is compared, set, reported or expected
                "rule \"x\" when Hall.Motion turns |; on,off",
                "rule \"x\" when Front.Door becomes |; open,closed",
                "rule \"x\" when started if Living.Thermostat.mode is |; off,heat,cool,auto",
                "rule \"x\" when started if Living.Thermostat.mode is not he|; heat",
                "rule \"x\" when started do set Living.Thermostat.mode = |; off,heat,cool,auto",
                "scene A Living.Thermostat.mode = |; off,heat,cool,auto",
                "while Guests is on keep Living.Thermostat.mode = |; off,heat,cool,auto",
                "rule \"x\" when started if any of Windows is |; open,closed",
                "rule \"x\" when started if count of Windows is |; open,closed",
                "control Living.Valve |; on,off",
                "test \"t\" given Living.Thermostat.mode |; off,heat,cool,auto",
                "test \"t\" at 1 s Living.Thermostat.mode = |; off,heat,cool,auto",
                "test \"t\" expect at 1 s Living.Thermostat.mode is |; off,heat,cool,auto",
                // words of other kinds
                "rule \"x\" when started class |; safety,manual,comfort,economy",
                "rule \"x\" when at 07:00 each |; workday,weekend,holiday,monday",
                "rule \"x\" when at 07:00 each workday, s|; saturday,sunday",
                "alarm A priority |; critical,high,medium,low",
                "expect Cellar.Pump: |; pump,thermostat,light",
                "group A = every |; device,light",
                "counter C counts Hall.Motion turns on reset |; daily,monthly",
                "rule \"x\" when started if alarm Leak is |; active,acknowledged,shelved",
                "link Hall.Dimmer -> Hall.Light copy |; onoff,brightness",
                // events, actions, options, fields
                "rule \"x\" when Hall.Button |; pressed",
                "rule \"x\" when Hall.Button.|; pressed,when",
                "rule \"x\" when Hall.Button pressed with |; count,side",
                "rule \"x\" when Hall.Button pressed with side |; left,right",
                "test \"t\" at 1 s Hall.Button |; pressed",
                "rule \"x\" when started do call Front.Lock.|; beep,set",
                "rule \"x\" when started do call Front.Lock.beep(|; times,tone",
                "rule \"x\" when started do call Front.Lock.beep(times: 2, tone: |; low,high",
                "rule \"x\" when started do call sp|; speak",
                "rule \"x\" when started do call speak(|; text",
                "rule \"x\" when started do turn on Hall.Light with |; fade,brightness,colour",
                "rule \"x\" when Hall.Button pressed if event.|; count,side",
                "rule \"x\" when Hall.Button pressed do log \"{event.|; count,side",
                "rule \"x\" when started if sun.|; elevation,azimuth",
                // points
                "rule \"x\" when Living.Temp.|; temperature,humidity",
                "rule \"x\" when started do set Hall.Light.|; onoff,brightness,colour",
            })
    void offers_what_fits(String typed, String expected) {
        assertThat(Typing.of(typed).best()).contains(expected.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "rule \"x\" when started if Living.Temp < 21 |; °C; °F; K,%,s,W",
                "rule \"x\" when started if Living.Temp < 21|; °C; °F; K,%,s,W",
                "rule \"x\" when started if Living.Temp < 21 °|; °C; °F; K,%,s,W",
                "rule \"x\" when started if Living.Temp - Living.Setpoint > 2 |; K; K; °C,%",
                "rule \"x\" when started if Tank1.Level between 5 |; %; ppm; °C,s",
                "rule \"x\" when started if Line1.Flow > 3 |; m³/h; l/min; °C,m³",
                "rule \"x\" when Hall.Motion is off for 5 |; s; min,h; °C,%",
                "rule \"x\" when started do wait 5 |; s; min,h; °C",
                "rule \"x\" when started do wait until Guests is on within 5 |; s; min,h; %",
                "rule \"x\" when started do turn on Hall.Light with brightness 60 |; %; ; s,°C",
                "rule \"x\" when started do turn on Hall.Light with brightness 60 %, fade 2 |; s; min; °C,%",
                "rule \"x\" when started do set Target = 20 |; °C; °F; K",
                "rule \"x\" when Tank1.Level changes by 5 |; %; ; s",
                "test \"t\" at 5 |; s; min; °C",
                "test \"t\" given Living.Temp 20 |; °C; °F; s",
                "control Living.Valve hold at least 4 |; s; min; °C",
                "alarm A shelve at most 8 |; s; h; °C",
                "rule \"x\" when started do log \"{Living.Temp + 2 |; K; ; °C,s",
            })
    void offers_units_of_the_dimension_only(String typed, String first, String others, String none) {
        List<String> labels = Typing.of(typed).labels();
        assertThat(labels).startsWith(first);
        if (others != null) {
            assertThat(labels).contains(others.split(","));
        }
        assertThat(labels).doesNotContain(none.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "|; rule,control,sequence,alarm,scene,test; when,end,turn",
                "rule \"x\" |; when,if,mode,do; end,step,priority",
                "rule \"x\" mode |; single,restart,queue,parallel; when",
                "rule \"x\" when started after |; outage; when",
                "sequence \"s\" when started |; step,require,mode; priority,keep",
                "alarm A |; priority,when,clear,requires,message,shelve; do,step",
                "control Living.Valve on when Guests is on |; hold,fail,class; do",
                "test \"t\" |; given,at,expect; when,turn",
                "rule \"x\" when started do |; turn,set,wait,if,notify,end; when,given",
                "rule \"x\" when started do wait until Guests is on within 5 min else |; fail,stop,continue,do; when",
            })
    void offers_the_words_that_may_stand_there(String typed, String some, String none) {
        List<String> labels = Typing.of(typed).labels();
        assertThat(labels).contains(some.split(",")).doesNotContain(none.split(","));
    }

    @Test
    void names_are_those_that_can_be_used_so() {
        assertThat(Typing.inBody("  turn on |").labels())
                .contains("Hall.Light", "Windows", "Guests", "küche/licht 2")
                .doesNotContain("Hall.Lux", "Evening");
        assertThat(Typing.inBody("  activate scene |").labels()).containsExactly("Evening");
        assertThat(Typing.inBody("  raise alarm |").labels()).containsExactly("Leak");
        assertThat(Typing.inBody("  call |").labels()).containsExactly("speak", "Front.Lock");
        assertThat(Typing.inBody("  if any of |").labels()).containsExactly("Windows");
        assertThat(Typing.inBody("  notify Opera|\n  notify Operators \"x\"\nend")
                        .labels())
                .contains("Operators");
        assertThat(Typing.inBody("  set Living.Temp|").labels()).doesNotContain("Living.Temp");
    }

    @Test
    void a_piece_of_a_name_anywhere_in_it_will_do() {
        assertThat(Typing.inBody("  turn on light|").labels()).contains("Hall.Light");
        assertThat(Typing.inBody("  turn on `k|").chosen("küche/licht 2")).endsWith("turn on `küche/licht 2`");
        assertThat(Typing.inBody("  turn on Hall.Li|").chosen("Hall.Light")).endsWith("turn on Hall.Light");
    }

    @Test
    void a_unit_is_written_with_a_space_before_it() {
        assertThat(Typing.inBody("  wait 5|").chosen("min")).endsWith("wait 5 min");
        assertThat(Typing.inBody("  wait 5 m|").chosen("min")).endsWith("wait 5 min");
    }

    @Test
    void locals_are_in_sight_in_their_body_only() {
        String body = "  let before = Living.Temp\n  let Start = 5 min\n  if |";
        assertThat(Typing.inBody(body).labels()).contains("before", "Start");
        assertThat(Typing.inBody(body.replace("|", "before > 20 |")).labels())
                .startsWith("°C")
                .doesNotContain("K");
        assertThat(Typing.inBody(body.replace("if |", "end\n\nrule \"y\" when started if |"))
                        .labels())
                .doesNotContain("before", "Start");
    }

    @Test
    void garbage_before_the_caret_does_not_silence_it() {
        for (String garbage :
                List.of("  hlo wrld", "  turn on", "  set Hall.Light = ", "  wait until (", "  § ? ]", "  if x")) {
            assertThat(Typing.inBody(garbage + "\n  set Living.Thermostat.mode = |\nend")
                            .best())
                    .as(garbage)
                    .contains("heat");
        }
        assertThat(Typing.of("rule \"never ended\" when started do turn on Hall.Light\n\ncontrol Living.Valve\n  |")
                        .labels())
                .contains("hold", "fail");
    }

    @Test
    void nothing_in_comments_and_texts() {
        for (String typed : List.of("# a com|", "rule \"a na|", "rule \"x\" when started do log \"text {Guests} te|")) {
            assertThat(Typing.of(typed).labels()).as(typed).isEmpty();
        }
        assertThat(Typing.inBody("  log \"it is {Living.T|").labels()).contains("Living.Temp");
    }

    @Test
    void every_item_says_what_it_is() {
        for (String typed : List.of(
                "rule \"x\" |",
                "rule \"x\" when Living.Temp.|",
                "rule \"x\" when Hall.|",
                "rule \"x\" when Hall.Button |")) {
            assertThat(Typing.of(typed).offer().items())
                    .isNotEmpty()
                    .allSatisfy(each ->
                            assertThat(each.documentation()).as(each.label()).isNotBlank());
        }
        assertThat(Typing.of("rule \"x\" when Hall.Motion.|")
                        .offer()
                        .items()
                        .get(0)
                        .documentation())
                .contains("on or off", "read only", "state", "stale when older than 1 h");
    }

    /** At any place of a text with any tail cut off: no exception, and what is offered can be written there. */
    @Property(tries = 300)
    @Tag("slow")
    void never_fails_anywhere(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        String text = Files.readString(Path.of("src/test/resources/clean/edges-and-levels.rules"));
        int at = random.nextInt(text.length());
        String broken = random.nextBoolean() ? text.substring(0, at) : text.substring(random.nextInt(at + 1), at) + "|";
        Typing typing = Typing.of(broken.replace("|", "") + "|");
        assertThat(typing.offer().items())
                .allSatisfy(each -> assertThat(each.from()).isBetween(0, typing.at()));
        typing.editor().hover(Typing.FILE, typing.at());
        typing.editor().references(Typing.FILE, typing.at());
    }

    /** The words offered at each word of a right text contain that word: the follower and the parser agree. */
    @Test
    void the_next_word_of_a_right_text_is_always_offered() throws Exception {
        for (String name : List.of("description", "edges-and-levels", "working", "keywords-as-names")) {
            String text = Files.readString(Path.of("src/test/resources/clean/" + name + ".rules"));
            List<Lexeme> tokens = Lexeme.spoken(text);
            for (int i = 0; i < tokens.size(); i++) {
                int type = tokens.get(i).type();
                Caret caret = Caret.at(text, tokens.get(i).start());
                boolean offered = caret.candidates(caret.before()).stream().anyMatch(each -> each.type() == type);
                assertThat(offered || !caret.piece().isEmpty())
                        .as("%s before %s", name, tokens.get(i))
                        .isTrue();
            }
        }
    }

    @Test
    void what_is_chosen_checks() {
        String text = Typing.inBody("  set Living.Thermostat.mode = he|\nend").chosen("heat");
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .extracting(Diagnostic::headline)
                .isEmpty();
    }
}
