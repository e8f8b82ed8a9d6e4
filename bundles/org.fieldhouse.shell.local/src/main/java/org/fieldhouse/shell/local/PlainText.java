package org.fieldhouse.shell.local;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Lets no control character through but the ends of lines and tabs. What commands print may come from the wire: it must not paint a
 * terminal, nor end the output in the protocol's place.
 */
final class PlainText extends FilterOutputStream {
    private static final int DELETE = 0x7f;

    PlainText(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        out.write(isControl(b) ? '?' : b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        byte[] plain = new byte[length];
        for (int i = 0; i < length; i++) {
            plain[i] = isControl(bytes[from + i]) ? (byte) '?' : bytes[from + i];
        }
        out.write(plain, 0, length);
    }

    /** Bytes of a longer character in UTF-8 are negative. */
    private static boolean isControl(int b) {
        return b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == DELETE;
    }
}
