package org.fieldhouse.rules.editor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OccurrencesTest {

    private static List<String> lines(List<RuleEditor.Place> places) {
        return places.stream()
                .map(each -> each.file() + ":" + each.span().line() + ":"
                        + each.span().column())
                .toList();
    }

    @Test
    void a_name_leads_to_its_declaration_in_another_file() {
        Typing typing = Typing.of("rule \"x\" when started do activate Eve|ning");
        assertThat(lines(typing.editor().definition(Typing.FILE, typing.at()))).containsExactly("b.rules:4:7");
        Typing device = Typing.of("rule \"x\" when Cellar.|Leak turns");
        assertThat(lines(device.editor().definition(Typing.FILE, device.at()))).containsExactly("b.rules:6:8");
        Typing house = Typing.of("rule \"x\" when Hall.Li|ght turns on");
        assertThat(house.editor().definition(Typing.FILE, house.at())).isEmpty();
    }

    @Test
    void references_stand_in_all_files_in_texts_and_in_what_is_broken() {
        Typing typing = Typing.of(
                """
                rule "a" when Guests| turns on do log "{Guests} and {Living.Temp}" end
                rule "b" when Guests turnz on do
                """);
        assertThat(lines(typing.editor().references(Typing.FILE, typing.at())))
                .containsExactly("a.rules:1:15", "a.rules:1:40", "a.rules:2:15", "b.rules:2:10");
    }

    @Test
    void quotes_that_hold_nothing_yet_are_no_name() {
        for (String quotes : List.of("`|", "`|`", "` |`")) {
            Typing typing = Typing.of("rule \"x\" when " + quotes);
            assertThat(typing.editor().references(Typing.FILE, typing.at())).isEmpty();
            assertThat(typing.editor().renamable(Typing.FILE, typing.at())).isEmpty();
        }
    }

    @Test
    void a_local_is_found_in_its_body_only() {
        Typing typing = Typing.of(
                """
                rule "a" when started do
                  let before = Living.Temp
                  log "{before}"
                  if bef|ore > 20 °C stop end
                end

                rule "b" when started do log "{before}" end
                """);
        RuleEditor editor = typing.editor();
        assertThat(lines(editor.definition(Typing.FILE, typing.at()))).containsExactly("a.rules:2:7");
        assertThat(lines(editor.references(Typing.FILE, typing.at())))
                .containsExactly("a.rules:2:7", "a.rules:3:9", "a.rules:4:6");
        assertThat(editor.rename(Typing.FILE, typing.at(), "earlier").places()).hasSize(3);
        assertThatThrownBy(() -> editor.rename(Typing.FILE, typing.at(), "when"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_new_name_is_written_with_back_quotes_where_it_needs_them() {
        Typing typing = Typing.of("rule \"a\" when Hall.Lig|ht turns on");
        assertThat(typing.editor()
                        .rename(Typing.FILE, typing.at(), "flur/licht")
                        .written())
                .isEqualTo("`flur/licht`");
        assertThatThrownBy(() -> typing.editor().rename(Typing.FILE, typing.at(), "Living.Lamp"))
                .hasMessageContaining("Living.Lamp");
        Typing nothing = Typing.of("rule \"a\" wh|en Hall.Light turns on");
        assertThat(nothing.editor().renamable(Typing.FILE, nothing.at())).isEmpty();
    }

    @Test
    void an_area_or_a_unit_of_the_same_name_is_no_reference() {
        Typing typing = Typing.of("group A = every light in Guests\nrule \"x\" when Gue|sts turns on");
        assertThat(lines(typing.editor().references(Typing.FILE, typing.at())))
                .containsExactly("a.rules:2:15", "b.rules:2:10");
    }

    @Test
    void the_outline_has_broken_declarations_and_steps() {
        Typing typing = Typing.of(
                """
                sequence "s" when started step "one" turn on Hall.Light step "two" turn off Hall.Light end

                rule "b" when turnz

                scene C Hall.Light = on end|
                """);
        List<Symbol> symbols = typing.editor().symbols(Typing.FILE);
        assertThat(symbols)
                .extracting(each -> each.kind() + " " + each.name())
                .containsExactly("sequence s", "rule b", "scene C");
        assertThat(symbols.get(0).inside()).extracting(Symbol::name).containsExactly("one", "two");
    }

    @Test
    void offsets_and_lines_agree() {
        TextLines lines = new TextLines("a\r\nüö\n\nx");
        for (int i = 0; i <= 8; i++) {
            if (i != 2) {
                assertThat(lines.offset(lines.line(i), lines.character(i))).isEqualTo(i);
            }
        }
        assertThat(lines.offset(1, 99)).isEqualTo(5);
        assertThat(lines.offset(1, Integer.MAX_VALUE)).isEqualTo(5);
        assertThat(lines.offset(99, 0)).isEqualTo(8);
    }
}
