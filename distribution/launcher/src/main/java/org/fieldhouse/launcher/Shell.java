package org.fieldhouse.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The client of the shell of a running house: {@code Shell HOME [COMMAND]}. Without a command it joins the terminal
 * and the socket; with one it ends with 0 or 1, as the command did. The protocol is in org.fieldhouse.shell.local.
 */
public final class Shell {
    private static final int END = 4;
    private static final int FAILED = 1;
    private static final int NOT_RUNNING = 69;

    private Shell() {}

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0], "data");
        Path socket = data.resolve("shell.sock");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                TypedSecret secret = TypedSecret.of(data, arguments.length > 1 ? arguments[1] : "")) {
            boolean heard = true;
            try {
                ask(channel, arguments.length > 1 ? secret.command() : null);
            } catch (IOException closed) {
                heard = false; // the house may have said why
            }
            int result = print(Channels.newInputStream(channel));
            if (!heard && result == 0) {
                throw new IOException("it was closed at once");
            }
            secret.close();
            Runtime.getRuntime().exit(result);
        } catch (IOException e) {
            System.err.println("fieldhouse: no shell at " + socket + " (" + e.getMessage()
                    + "); does the house run, with the feature shell?");
            Runtime.getRuntime().exit(NOT_RUNNING);
        }
    }

    private static void ask(SocketChannel channel, @Nullable String command) throws IOException {
        if (command != null) {
            send(channel, "batch\n" + command + "\n");
            channel.shutdownOutput();
        } else {
            send(channel, "interactive\n");
            forwardInput(channel);
        }
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void forwardInput(SocketChannel channel) {
        Thread forward = new Thread(
                () -> {
                    try {
                        System.in.transferTo(Channels.newOutputStream(channel));
                        channel.shutdownOutput();
                    } catch (IOException closed) {
                        // The house stopped: the printing thread sees the end too.
                    }
                },
                "terminal");
        forward.setDaemon(true);
        forward.start();
    }

    private static int print(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int result = 0;
        boolean ended = false;
        for (int count = read(in, buffer, ended); count >= 0; count = read(in, buffer, ended)) {
            int length = count;
            for (int i = 0; i < count; i++) {
                if (ended) {
                    result = buffer[i] == '0' ? 0 : FAILED;
                } else if (buffer[i] == END) {
                    ended = true;
                    length = i;
                }
            }
            System.out.write(buffer, 0, ended && length == count ? 0 : length);
            System.out.flush();
        }
        return result;
    }

    /** Whoever is refused is cut off as well, with what he sent unread: after the last word that is no error. */
    private static int read(InputStream in, byte[] buffer, boolean ended) throws IOException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            if (ended) {
                return -1;
            }
            throw e;
        }
    }
}
