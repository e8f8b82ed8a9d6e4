package org.fieldhouse.api.value;

import static java.util.Objects.requireNonNull;

/** Free text of at most {@value #MAX_LENGTH} characters. */
public record Text(String value) implements Value {
    public static final int MAX_LENGTH = 65_536;

    public Text {
        requireNonNull(value, "value");
        if (value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("text of " + value.length() + " characters, at most " + MAX_LENGTH);
        }
    }

    @Override
    public ValueKind kind() {
        return ValueKind.TEXT;
    }

    @Override
    public String toString() {
        return value;
    }
}
