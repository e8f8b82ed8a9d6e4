package org.fieldhouse.serial.port;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A pseudo-terminal of socat whose other end is this process's pipe. */
final class Pty implements AutoCloseable {
    private final Path path;
    private Process socat;

    Pty(Path directory) throws IOException {
        path = directory.resolve("port");
        start();
    }

    void start() throws IOException {
        socat = new ProcessBuilder("socat", "-", "pty,raw,echo=0,link=" + path)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        await("socat's pty").until(() -> Files.exists(path));
    }

    String path() {
        return path.toString();
    }

    void say(String text) throws IOException {
        OutputStream out = socat.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** What came out at the other end, exactly as many bytes. */
    String hear(int count) throws IOException {
        return new String(socat.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    InputStream out() {
        return socat.getInputStream();
    }

    long pid() {
        return socat.pid();
    }

    void unplug() throws InterruptedException, IOException {
        socat.destroy();
        socat.waitFor(5, TimeUnit.SECONDS);
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws InterruptedException, IOException {
        unplug();
    }
}
