package org.fieldhouse.runtime.config;

/** How long each part of a change took, for the log. One thread. */
final class Laps {
    private final StringBuilder text = new StringBuilder();
    private long last = System.nanoTime();

    /** A part ends here. */
    void done(String part) {
        long now = System.nanoTime();
        text.append(text.isEmpty() ? "" : ", ").append(part).append(' ').append((now - last) / 100_000 / 10.0);
        last = now;
    }

    /** Each part and its milliseconds. */
    @Override
    public String toString() {
        return text.toString();
    }
}
