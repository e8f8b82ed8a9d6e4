package org.fieldhouse.rules.syntax;

/** The stable codes of findings. A code never changes its meaning; a retired one is not used again. */
public enum Code {
    /** Unexpected text. */
    E001,
    /** A string or back-quoted name that does not end. */
    E002,
    /** A declaration or block without {@code end}. */
    E003,
    /** A character that means nothing. */
    E004,
    /** A file that is too large. */
    E005,
    /** Nested too deeply, or an expression that is too long. */
    E006,
    /** A literal that cannot be: 25:00, 2026-02-30, a number beyond all bounds. */
    E007,
    /** A hole in a string that cannot be read. */
    E008,
    /** An unknown unit. */
    E009,
    /** Two declarations of one name. */
    E010,
    /** Unknown name of a device or point. */
    E101,
    /** A known device has no such point, action or event. */
    E102,
    /** The point cannot be written. */
    E103,
    /** Unknown scene, group, alarm, sequence, device type, function. */
    E104,
    /** Arguments do not fit. */
    E105,
    /** Not readable, or not usable at this place. */
    E106,
    /** Arithmetic over dimensions or types that do not go together. */
    E201,
    /** Comparison of what cannot be compared. */
    E202,
    /** Assignment of what the target cannot hold; a value of the wrong type. */
    E203,
    /** Outside the range or the options. */
    E204,
    /** Waits without a mode. */
    E301,
    /** {@code wait until} in a sequence without {@code within}. */
    E302,
    /** Negative or missing dead band. */
    E401,
    /** On and off overlap. */
    E402,
    /** Control without {@code fail}. */
    W503;

    /** Whether it stops the load. */
    public boolean isError() {
        return name().charAt(0) == 'E';
    }
}
