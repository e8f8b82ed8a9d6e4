package org.fieldhouse.shell.local;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on {@code <home>/data/shell.sock}, mode 0600: the kernel lets in the owner of the house and root, and
 * nothing listens on the network. One thread accepts, one per session runs its commands.
 */
@Component(service = {})
public final class LocalShell {
    private static final Logger LOG = LoggerFactory.getLogger(LocalShell.class);
    private static final int MAX_SESSIONS = 4;

    private final CommandProcessor processor;
    private final Path path;
    private final @Nullable ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    @Activate
    public LocalShell(BundleContext context, @Reference CommandProcessor processor) {
        this.processor = processor;
        path = Path.of(context.getProperty("fieldhouse.home"), "data", "shell.sock");
        server = listen(path);
        if (server != null) {
            daemon(() -> accept(server), "shell-accept").start();
        }
    }

    /** Null when there is no socket to be had: its path may have at most 107 bytes (unix(7)). A house needs no shell. */
    private static @Nullable ServerSocketChannel listen(Path path) {
        try {
            // The home directory is locked, so a socket that is there was left by a process that is gone.
            Files.deleteIfExists(path);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("No shell at {}: {}", path, e.getMessage());
            return null;
        }
    }

    @Deactivate
    void close() throws IOException {
        if (server == null) {
            return;
        }
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
        Files.deleteIfExists(path);
    }

    private void accept(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try {
                SocketChannel channel = listening.accept();
                if (open.size() == MAX_SESSIONS) {
                    refuse(channel);
                } else {
                    open.add(channel);
                    daemon(() -> serve(channel), "shell-session").start();
                }
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                LOG.warn("The shell's socket failed; no more sessions", e);
                return;
            }
        }
    }

    /** Says why, as far as the socket takes it at once: the thread that accepts waits for nobody. */
    private static void refuse(SocketChannel channel) {
        try (channel) {
            channel.configureBlocking(false);
            channel.write(StandardCharsets.UTF_8.encode("All " + MAX_SESSIONS
                    + " sessions of the house's shell are taken: leave one with `exit`, then try again.\n"
                    + Session.END + '1'));
        } catch (IOException e) {
            LOG.debug("A shell session was refused", e);
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            Session.run(processor, channel);
        } catch (IOException e) {
            LOG.debug("A shell session ended", e);
        } finally {
            open.remove(channel);
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
