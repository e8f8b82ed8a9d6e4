package org.fieldhouse.shell.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void neitherPaintsATerminalNorEndsTheOutput() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(new PlainText(wire), true, StandardCharsets.UTF_8);
        out.print("Größe ☃\tx\u001b[2J" + Session.END + "0\u007f\n");
        out.write(Session.END);
        out.flush();
        assertThat(wire.toString(StandardCharsets.UTF_8)).isEqualTo("Größe ☃\tx?[2J?0?\n?");
    }
}
