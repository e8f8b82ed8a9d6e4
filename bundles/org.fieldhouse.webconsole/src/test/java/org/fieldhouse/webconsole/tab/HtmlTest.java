package org.fieldhouse.webconsole.tab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void aValueIsTextWhateverItSays() {
        assertThat(Html.of("<a title=\"{}\">{}</a>", "\" onload=\"x", "<script>")
                        .toString())
                .isEqualTo("<a title=\"&#34; onload=&#34;x\">&lt;script&gt;</a>");
        assertThat(Html.of("{}", "{}").toString()).as("no place of its own").isEqualTo("{}");
        assertThat(Html.of("<p>{}</p>", Html.of("<b>{}</b>", 1)).toString()).isEqualTo("<p><b>1</b></p>");
    }

    /** The console's writer would put its own variables there. */
    @Test
    void aValueNamesNoVariableOfTheConsole() {
        assertThat(Html.of("{}", "${appRoot}").toString()).doesNotContain("${");
    }

    @Test
    void aTemplateHasAsManyPlacesAsValues() {
        assertThatThrownBy(() -> Html.of("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Html.of("x", 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
