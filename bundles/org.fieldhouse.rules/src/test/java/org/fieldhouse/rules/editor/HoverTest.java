package org.fieldhouse.rules.editor;

import static org.assertj.core.api.Assertions.assertThat;

import org.fieldhouse.rules.syntax.grammar.RulesLexerBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoverTest {

    private static String at(String typed) {
        Typing typing = Typing.of(typed);
        return typing.editor()
                .hover(Typing.FILE, typing.at())
                .map(RuleEditor.Hover::markdown)
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "rule \"x\" when Hall.Mo|tion turns on; **Hall.Motion** · motion in Hall",
                "rule \"x\" when Hall.Motion.occu|pancy turns on; on or off · read only · state",
                "rule \"x\" when Hall.Button pre|ssed; event.side",
                "rule \"x\" when started do call Front.Lock.be|ep(times: 1); beep(times: 1 to 10",
                "rule \"x\" when started if Living.Temp > 21 °|C; temperature",
                "rule \"x\" when Hall.Motion tu|rns on; it was not so and now is",
                "rule \"x\" when Hall.Motion turns o|n; on or off",
                "rule \"x\" when started do set Living.Thermostat.mode = he|at; one of off, heat, cool, auto",
                "rule \"x\" when started do activate scene Eve|ning; **Evening** · scene",
                "rule \"x\" when started if Tar|get > 20 °C; **Target** · variable · a quantity in °C",
                "rule \"x\" when started do log \"{Living.Te|mp}\"; **Living.Temp** · thermometer",
                "rule \"x\" when started do let Be = Living.Temp log \"{1}\" if B|e > 20; `let` **Be** = `Living.Temp`",
                // half written
                "rule \"x\" when Cellar.Le|ak turns; expected, not there yet",
                "rule \"x\" when hlo wrld § Hall.Lig|ht; **Hall.Light** · light",
            })
    void says_what_it_is(String typed, String expected) {
        assertThat(at(typed)).contains(expected);
    }

    @Test
    void is_silent_about_nothing() {
        assertThat(at("# com|ment")).isEmpty();
        assertThat(at("rule \"na|me\"")).isEmpty();
        assertThat(at("|")).isEmpty();
        assertThat(at("rule \"x\" when Nobo|dy turns on")).isEmpty();
    }

    /** A word that is added to the grammar gets a line in words.txt. */
    @Test
    void every_word_of_the_language_has_a_meaning() {
        assertThat(RulesLexerBase.keywords()).isNotEmpty().allSatisfy(word -> assertThat(Words.meaning(word))
                .as("words.txt: " + word)
                .isPresent());
    }
}
