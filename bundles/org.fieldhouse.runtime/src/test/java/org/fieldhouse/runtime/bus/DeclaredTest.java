package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclaredTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "command",
                " command ",
                "publish,command",
                "publish , connect;to=\"a:1,b:2\", command",
                "command;to=\"Hall.*\"",
                "publish;command;to=x"
            })
    void namesIt(String header) {
        assertThat(Declared.names(header, "command")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "commands",
                "publish",
                "Command",
                "connect;to=\"command\"",
                "connect;to=\"a, command,b\"",
                "connect;to=\"\\\",command,\\\"\"",
                "connect;to=command"
            })
    void doesNotNameIt(String header) {
        assertThat(Declared.names(header, "command")).isFalse();
        assertThat(Declared.names(null, "command")).isFalse();
    }
}
