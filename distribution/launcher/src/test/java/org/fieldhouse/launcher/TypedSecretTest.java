package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypedSecretTest {
    @TempDir
    Path data;

    @Test
    void goesToTheHouseInAFileOfItsOwnerThatIsGoneAfterwards() throws Exception {
        Path file;
        try (TypedSecret secret = TypedSecret.kept(data, "broker", "pä$$ \"w")) {
            file = secret.file();
            assertThat(Files.readString(file)).isEqualTo("pä$$ \"w\n");
            assertThat(file).hasParent(data.toAbsolutePath());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(secret.command()).isEqualTo("secret put broker \"" + file + '"');
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aPathIsOneWordWhateverIsInIt() {
        assertThat(TypedSecret.quoted("/a b/'x'/$y/\"z\\")).isEqualTo("\"/a b/'x'/\\$y/\\\"z\\\\\"");
    }

    /** A test has no terminal either. */
    @Test
    void withoutATerminalTheCommandStaysAsItIs() throws Exception {
        try (TypedSecret secret = TypedSecret.of(data, "secret put broker")) {
            assertThat(secret.command()).isEqualTo("secret put broker");
        }
        assertThat(data).isEmptyDirectory();
    }
}
