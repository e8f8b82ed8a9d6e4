package org.fieldhouse.serial.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialPort;
import org.fieldhouse.serial.SerialSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ports on real pseudo-terminals. */
@Timeout(60)
class SerialPortsTest {
    private static final SerialSettings SETTINGS = SerialSettings.baud(9_600);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Lines lines;
    private PortsOfABundle ports;
    private Pty pty;

    @BeforeEach
    void start() throws Exception {
        lines = new Lines(LONG, LONG);
        ports = new PortsOfABundle(lines, "org.example.acme");
        pty = new Pty(directory);
    }

    @AfterEach
    void stop() throws Exception {
        lines.close();
        pty.close();
        await("threads of the ports").until(() -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("fieldhouse-serial-"))
                .count();
    }

    private static String read(SerialPort port, int count) throws Exception {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[64];
        while (text.length() < count) {
            int n = port.read(buffer, Duration.ofSeconds(10));
            assertThat(n).as("after '%s'", text).isPositive();
            text.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        port.write(bytes("hello\r\n\u0011\u0013\u0003"));
        assertThat(pty.hear(10)).isEqualTo("hello\r\n\u0011\u0013\u0003");
        pty.say("answer\n\r\u0003");
        assertThat(read(port, 9)).isEqualTo("answer\n\r\u0003");
    }

    @Test
    void aReadWithATimeEndsWithoutBytes() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        assertThat(port.read(new byte[8], Duration.ofMillis(1))).isZero();
    }

    @Test
    void whoWaitsIsWokenByInterruptionAndByClosing() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        CompletableFuture<Throwable> first = new CompletableFuture<>();
        Thread reader = reader(port, first);
        reader.interrupt();
        assertThat(first.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        CompletableFuture<Throwable> second = new CompletableFuture<>();
        reader(port, second);
        port.close();
        assertThat(second.get(10, TimeUnit.SECONDS))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("was closed");
        assertThatThrownBy(() -> port.write(bytes("x"))).isInstanceOf(BindingException.class);
    }

    @Test
    void whoWaitsIsToldWhenThePortsThemselvesGo() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        reader(ports.open(pty.path(), SETTINGS), end);
        lines.close();
        assertThat(end.get(10, TimeUnit.SECONDS))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("was closed");
    }

    private static Thread reader(SerialPort port, CompletableFuture<Throwable> end) {
        Thread reader = new Thread(() -> {
            try {
                port.read(new byte[8]);
                end.complete(null);
            } catch (Exception e) {
                end.complete(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING || end.isDone());
        return reader;
    }

    @Test
    void aPortIsForOneDeviceAlone() throws Exception {
        ports.open(pty.path(), SETTINGS);
        assertThatThrownBy(() -> ports.open(Path.of(pty.path()).toRealPath().toString(), SETTINGS))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("is in use by another device of org.example.acme");
    }

    @Test
    void aPortOfAnotherProgramIsRefused() throws Exception {
        String path = Path.of(pty.path()).toRealPath().toString();
        // TIOCEXCL is no bar to root; the lock of flock(2) is one to all who heed it.
        Process other = new ProcessBuilder("flock", "-x", path, "cat").start();
        try {
            await().until(() ->
                    new ProcessBuilder("flock", "-n", path, "true").start().waitFor() != 0);
            assertThatThrownBy(() -> ports.open(pty.path(), SETTINGS))
                    .isInstanceOf(BindingException.class)
                    .hasMessageContaining(pty.path())
                    .hasMessageContaining("another program")
                    .hasMessageContaining("fuser");
        } finally {
            other.destroy();
        }
    }

    @Test
    void unpluggingIsALossAndPluggingInWorksAgain() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        pty.say("last words");
        await().until(() -> new String(new byte[] {peek(port)}, StandardCharsets.US_ASCII).equals("l"));
        pty.unplug();
        assertThat(read(port, 10)).isEqualTo("last words");
        assertThatThrownBy(() -> port.read(new byte[8], Duration.ofSeconds(10)))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining(pty.path())
                .hasMessageContaining("unplugged");
        assertThatThrownBy(() -> port.write(bytes("x"))).isInstanceOf(BindingException.class);
        port.close();
        assertThatThrownBy(() -> ports.open(pty.path(), SETTINGS))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("is not there");
        pty.start();
        SerialPort again = ports.open(pty.path(), SETTINGS);
        pty.say("back");
        assertThat(read(again, 4)).isEqualTo("back");
    }

    private static byte peek(SerialPort port) throws Exception {
        byte[] one = new byte[1];
        int count = port.read(one, Duration.ofSeconds(10));
        port.unread(one, count);
        return one[0];
    }

    @Test
    void whatIsNoPortIsRefusedWithTheCure() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        for (Path wrong : new Path[] {file, directory}) {
            BindingException refusal =
                    catchThrowableOfType(BindingException.class, () -> ports.open(wrong.toString(), SETTINGS));
            assertThat(refusal).hasMessageContaining(wrong.toString()).hasMessageContaining("not a serial port");
            assertThat(refusal.isPermanent()).isTrue();
        }
        assertThat(Access.denied("/dev/ttyUSB0", Path.of("/dev/null"), "house"))
                .contains("/dev/ttyUSB0", "house", "usermod -aG");
    }

    /** What the peer said while nobody had the port, what was read and not used, and the open port itself. */
    @Test
    void theNextVersionOfABundleGetsThePortAndWhatCameMeanwhile() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        pty.say("half a ");
        String read = read(port, 7);
        port.close();
        port.unread(bytes(read), 7);
        ports.close();
        pty.say("frame\n");
        PortsOfABundle next = new PortsOfABundle(lines, "org.example.acme");
        SerialPort given = next.open(pty.path(), SETTINGS);
        assertThat(read(given, 13)).isEqualTo("half a frame\n");
        given.write(bytes("ok"));
        assertThat(pty.hear(2)).isEqualTo("ok");
    }

    @Test
    void aBundleThatGoesWithoutClosingLeavesItsPortToTheNextVersion() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        ports.close();
        assertThatThrownBy(() -> port.read(new byte[8])).isInstanceOf(BindingException.class);
        pty.say("meanwhile");
        assertThat(read(new PortsOfABundle(lines, "org.example.acme").open(pty.path(), SETTINGS), 9))
                .isEqualTo("meanwhile");
        port.close();
        port.unread(bytes("late"), 4);
    }

    /** Beginning anew after trouble means: without what was in the line. */
    @Test
    void theSameVersionAndOtherBundlesBeginAnew() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        pty.say("stale");
        assertThat(peek(port)).isEqualTo((byte) 's');
        port.close();
        SerialPort again = ports.open(pty.path(), SETTINGS);
        assertThat(again.read(new byte[8], Duration.ofMillis(300))).isZero();
        pty.say("stale");
        assertThat(peek(again)).isEqualTo((byte) 's');
        again.close();
        ports.close();
        SerialPort others = new PortsOfABundle(lines, "org.example.other").open(pty.path(), SETTINGS);
        assertThat(others.read(new byte[8], Duration.ofMillis(300))).isZero();
    }

    @Test
    void aPortThatNobodyTakesOverIsClosed() throws Exception {
        lines.close();
        lines = new Lines(Duration.ofMillis(50), Duration.ofMillis(100));
        ports = new PortsOfABundle(lines, "org.example.acme");
        ports.open(pty.path(), SETTINGS).close();
        await().until(() -> readers() == 0);
        ports.open(pty.path(), SETTINGS);
        assertThat(readers()).isEqualTo(1);
        ports.close();
        await().until(() -> readers() == 0);
    }

    private static long readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("fieldhouse-serial-")
                        && t.getName().endsWith("/reader"))
                .count();
    }

    /** Memory is bounded: what is beyond waits with the system, in order. */
    @Test
    void whatNobodyReadsIsBounded() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        int count = SerialPort.BUFFER + 20_000;
        StringBuilder text = new StringBuilder();
        while (text.length() < count) {
            text.append(text.length()).append(' ');
        }
        CompletableFuture<Void> said = CompletableFuture.runAsync(() -> {
            try {
                pty.say(text.toString());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(read(port, text.length())).isEqualTo(text.toString());
        said.get(10, TimeUnit.SECONDS);
    }

    /** A peer that reads nothing blocks a write of the system for ever; ours ends and says so. */
    @Test
    void aPeerThatTakesNothingIsNotWaitedForForEver() throws Exception {
        SerialPort port = ports.open(pty.path(), SETTINGS);
        new ProcessBuilder("sh", "-c", "kill -STOP " + pty.pid()).start().waitFor();
        try {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            port.write(new byte[64 * 1024]);
                        }
                    })
                    .isInstanceOf(BindingException.class)
                    .hasMessageContaining("took nothing for 5 s");
        } finally {
            new ProcessBuilder("sh", "-c", "kill -CONT " + pty.pid()).start().waitFor();
        }
    }
}
