package org.fieldhouse.shell.local;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** One client's commands, one after the other. */
final class Session {
    private static final String PROMPT = "fieldhouse> ";
    private static final Pattern PROGRAM = Pattern.compile("[|;${}\\\\]|^\\s*\\w+\\s*=");
    private static final Pattern SPECIAL = Pattern.compile("\"[^\"]*\"|'[^']*'|[^\\s\"']*[%#()`*~^<>][^\\s\"']*");
    /** Ends the output; a digit follows, see the package. */
    static final char END = '\u0004';

    private final CommandSession commands;
    private final PrintStream out;
    /** Beneath it, for the end mark. */
    private final OutputStream wire;

    private Session(CommandSession commands, PrintStream out, OutputStream wire) {
        this.commands = commands;
        this.out = out;
        this.wire = wire;
    }

    static void run(CommandProcessor processor, SocketChannel channel) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        OutputStream wire = Channels.newOutputStream(channel);
        PrintStream out = new PrintStream(new PlainText(wire), true, StandardCharsets.UTF_8);
        // A command must not swallow the lines that come after it.
        InputStream noInput = new ByteArrayInputStream(new byte[0]);
        try (CommandSession commands = processor.createSession(noInput, out, out)) {
            commands.put("SCOPE", "fieldhouse:gogo:felix:*");
            new Session(commands, out, wire).serve(in);
        }
    }

    private void serve(BufferedReader in) throws IOException {
        boolean interactive = "interactive".equals(in.readLine());
        boolean good = true;
        prompt(interactive);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.strip().equals("exit")) {
                break;
            }
            good &= execute(line);
            prompt(interactive);
        }
        out.flush();
        if (!interactive) {
            wire.write(new byte[] {(byte) END, (byte) (good ? '0' : '1')});
        }
    }

    /**
     * Values such as {@code 60 %} and {@code #ff8800} would be operators and comments to Gogo: such words are quoted for the
     * person, unless the line is a program of several commands.
     */
    static String quoted(String line) {
        if (PROGRAM.matcher(line).find()) {
            return line;
        }
        return SPECIAL.matcher(line)
                .replaceAll(word -> word.group().matches("[\"'].*")
                        ? Matcher.quoteReplacement(word.group())
                        : Matcher.quoteReplacement('\'' + word.group() + '\''));
    }

    private void prompt(boolean interactive) {
        if (interactive) {
            out.print(PROMPT);
            out.flush();
        }
    }

    private static String said(String line, Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        if (e instanceof IllegalArgumentException && message.startsWith("Cannot coerce ")) {
            return "'" + line.strip()
                    + "': the command takes other words, more or fewer; `help` lists the commands with what they"
                    + " take";
        }
        // The class is Gogo's own and not exported.
        boolean unknown = e.getClass().getSimpleName().equals("CommandNotFoundException");
        return message + (unknown ? "; `help` lists the commands" : "");
    }

    /** Any command may throw anything; the person reads the message and goes on. */
    private boolean execute(String line) {
        if (line.isBlank()) {
            return true;
        }
        try {
            Object result = commands.execute(quoted(line));
            if (result != null) {
                out.println(commands.format(result, Converter.INSPECT));
            }
            return true;
        } catch (Exception e) {
            out.println(said(line, e));
            return false;
        }
    }
}
