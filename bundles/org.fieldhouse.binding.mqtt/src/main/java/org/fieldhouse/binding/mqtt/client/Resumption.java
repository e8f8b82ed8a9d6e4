package org.fieldhouse.binding.mqtt.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Paho believe that it connects, on a connection that is up already: its CONNECT goes nowhere, and once it has said it, the
 * broker's old CONNACK is read again, with the flag that the session is known (MQTT 3.1.1 section 3.2.2.2, MQTT 5.0 section 3.2.2.1.1),
 * so that Paho goes on with the packets in its memory.
 */
final class Resumption {
    private static final int SESSION_PRESENT = 0x01;
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch said = new CountDownLatch(1);

    /** Told by the sink when Paho's CONNECT is complete. */
    void connectSaid() {
        said.countDown();
    }

    /** The stream that Paho reads: CONNACK, what was read before and not seen, and then the socket. */
    InputStream stream(KeptLink kept, InputStream socket) {
        byte[] connack = kept.connack().clone();
        int flags = 1;
        while ((connack[flags] & 0x80) != 0) {
            flags++;
        }
        connack[flags + 1] |= SESSION_PRESENT;
        byte[] first = Arrays.copyOf(connack, connack.length + kept.rest().length);
        System.arraycopy(kept.rest(), 0, first, connack.length, kept.rest().length);
        InputStream waiting = new ByteArrayInputStream(first) {
            @Override
            public int read(byte[] b, int off, int len) {
                await();
                return super.read(b, off, len);
            }
        };
        return new SequenceInputStream(waiting, new Unclosed(socket));
    }

    private void await() {
        try {
            said.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The stream that is read never ends the connection: a closed stream closes its socket, which may have to live on. */
    private static final class Unclosed extends InputStream {
        private final InputStream in;

        Unclosed(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            return in.read(b, off, len);
        }

        @Override
        public void close() {}
    }
}
