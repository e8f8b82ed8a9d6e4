package org.fieldhouse.serial;

import java.io.Closeable;
import java.time.Duration;
import org.fieldhouse.api.binding.BindingException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An open port. One thread reads, usually one of {@code DeviceContext.thread}; any thread writes and closes. What comes while nobody
 * reads waits in memory, at most {@value #BUFFER} bytes, then in the system's buffer (4 KiB in Linux), and is then lost by the
 * system, as on every serial line without flow control.
 */
@ProviderType
public interface SerialPort extends Closeable {
    /** Bytes that wait for their reader. */
    int BUFFER = 65_536;

    /** As it was opened. */
    String path();

    /**
     * Waits for at least one byte.
     *
     * @return how many bytes were put at the beginning of {@code into}, 1 to its length
     * @throws BindingException if the port is lost (unplugged, its peer gone) or closed; what came before is read first
     */
    int read(byte[] into) throws BindingException, InterruptedException;

    /**
     * Waits for at least one byte, for a while.
     *
     * @return as {@link #read(byte[])}; 0 if nothing came
     */
    int read(byte[] into, Duration atMost) throws BindingException, InterruptedException;

    /**
     * Puts bytes back, in front of those that wait: what was read and not used when a binding is replaced. Also after
     * {@link #close}, until the next opener has the port.
     */
    void unread(byte[] bytes, int count);

    /**
     * Hands bytes to the system, in one piece: what two threads write is not mixed.
     *
     * @throws BindingException if the port is lost or closed, or took nothing for 5 s; it is lost then
     */
    void write(byte[] bytes) throws BindingException, InterruptedException;

    /**
     * Gives the port back; a read that waits ends. It is closed at once if the same version of the bundle opens it again (which
     * begins anew), and 5 s later if nobody does. If the bundle goes meanwhile, it is about to be replaced: the port stays open and collects
     * for up to 15 s, until its next version opens it.
     */
    @Override
    void close();
}
