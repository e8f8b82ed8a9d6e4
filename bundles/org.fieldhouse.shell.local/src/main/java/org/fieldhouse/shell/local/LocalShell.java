package org.fieldhouse.shell.local;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
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
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /** @throws IOException if the socket cannot be made; its path may have at most 107 bytes (unix(7)) */
    @Activate
    public LocalShell(BundleContext context, @Reference CommandProcessor processor) throws IOException {
        this.processor = processor;
        path = Path.of(context.getProperty("fieldhouse.home"), "data", "shell.sock");
        // The home directory is locked, so a socket that is there was left by a process that is gone.
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        daemon(this::accept, "shell-accept").start();
    }

    @Deactivate
    void close() throws IOException {
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
        Files.deleteIfExists(path);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                if (open.size() == MAX_SESSIONS) {
                    channel.close();
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
