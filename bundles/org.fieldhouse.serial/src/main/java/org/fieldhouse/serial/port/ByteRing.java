package org.fieldhouse.serial.port;

/** Bytes in the order they came, up to a number. Not thread-safe. */
final class ByteRing {
    private final byte[] bytes;
    private int head;
    private int size;

    ByteRing(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    int space() {
        return bytes.length - size;
    }

    /** @param count at most {@link #space} */
    void put(byte[] from, int count) {
        for (int i = 0; i < count; i++) {
            bytes[(head + size + i) % bytes.length] = from[i];
        }
        size += count;
    }

    /** In front of all others; what there is no space for, from the end of {@code from}, is not taken. */
    void putFirst(byte[] from, int count) {
        int taken = Math.min(count, space());
        head = (head - taken + bytes.length) % bytes.length;
        for (int i = 0; i < taken; i++) {
            bytes[(head + i) % bytes.length] = from[i];
        }
        size += taken;
    }

    int take(byte[] into) {
        int count = Math.min(into.length, size);
        for (int i = 0; i < count; i++) {
            into[i] = bytes[(head + i) % bytes.length];
        }
        head = (head + count) % bytes.length;
        size -= count;
        return count;
    }
}
