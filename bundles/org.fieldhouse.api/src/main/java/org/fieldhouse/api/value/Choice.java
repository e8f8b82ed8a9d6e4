package org.fieldhouse.api.value;

/** One option of a named set, e.g. {@code heat} of {@code off, heat, cool}. The set is in the point's {@code ValueSpec}. */
public record Choice(String option) implements Value {
    public Choice {
        if (option.isEmpty() || option.length() > 256) {
            throw new IllegalArgumentException("an option has 1 to 256 characters: '" + option + "'");
        }
    }

    @Override
    public ValueKind kind() {
        return ValueKind.CHOICE;
    }

    @Override
    public String toString() {
        return option;
    }
}
