package org.fieldhouse.rules.lsp;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.jspecify.annotations.Nullable;

/**
 * {@code lsp [DIR] [--model snapshot.json]}: a language server on standard input and output. Without a directory it takes the
 * folder that the editor has open.
 *
 * <p>Exit codes: 0 after {@code shutdown} and {@code exit}, 1 after {@code exit} alone or when the editor is gone, 64 wrong use.
 */
public final class Main {
    private static final int EX_USAGE = 64;

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        Path directory = null;
        Path model = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--model") && i + 1 < args.length) {
                model = Path.of(args[++i]);
            } else if (args[i].equals("--stdio")) {
                // What most clients add; there is nothing else.
            } else if (directory == null && !args[i].startsWith("-")) {
                directory = Path.of(args[i]);
            } else {
                fail("unknown argument " + args[i] + "\nusage: lsp [DIR] [--model snapshot.json]");
            }
        }
        if (directory != null && !Files.isDirectory(directory)) {
            fail("no directory " + directory);
        }
        InputStream in = System.in;
        OutputStream out = System.out;
        // Whoever prints must not get between the messages.
        System.setOut(System.err);
        System.exit(serve(directory, model, in, out));
    }

    private static void fail(String why) {
        System.err.println(why);
        System.exit(EX_USAGE);
    }

    private static int serve(@Nullable Path directory, @Nullable Path model, InputStream in, OutputStream out)
            throws InterruptedException {
        try (RuleLanguageServer server = new RuleLanguageServer(directory, model)) {
            Launcher<LanguageClient> launcher = LSPLauncher.createServerLauncher(server, in, out);
            server.connect(launcher.getRemoteProxy());
            Future<Void> reading = launcher.startListening();
            server.onExit(() -> reading.cancel(true));
            try {
                reading.get();
            } catch (ExecutionException | CancellationException e) {
                // The editor is gone, or has said exit: both end here.
            }
            return server.isShutDown() ? 0 : 1;
        }
    }
}
