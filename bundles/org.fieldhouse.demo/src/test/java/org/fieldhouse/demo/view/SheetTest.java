package org.fieldhouse.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SheetTest {
    private static String rule(int width, String text) {
        ByteArrayOutputStream paper = new ByteArrayOutputStream();
        new Sheet(new PrintStream(paper, true, StandardCharsets.UTF_8), false, width).rule(text);
        return paper.toString(StandardCharsets.UTF_8);
    }

    /** A terminal of 80 columns broke the status line in the middle of a word. */
    @Test
    void whatIsWiderThanThePaperGoesOnBelow() {
        String status =
                "11.2 events/s · rules ran 2×, 0 wait · commands 2 ok, 0 failed · 0 dropped · heap 33 of 122 MB · it is 17:23";
        assertThat(rule(80, status).lines())
                .containsExactly(
                        "── 11.2 events/s · rules ran 2×, 0 wait · commands 2 ok, 0 failed · 0 dropped",
                        "   heap 33 of 122 MB · it is 17:23 " + "─".repeat(45));
        assertThat(rule(120, status).lines()).hasSize(1).allMatch(line -> line.length() == 120);
        assertThat(rule(20, "no place to break it anywhere")).isEqualTo("── no place to break it anywhere \n");
    }
}
