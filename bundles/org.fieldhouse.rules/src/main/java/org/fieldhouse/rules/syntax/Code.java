package org.fieldhouse.rules.syntax;

/** The stable codes of findings. A code never changes its meaning; a retired one is not used again. */
public enum Code {
    /** Unexpected text. */
    E001("Unexpected text"),
    /** A string or back-quoted name that does not end. */
    E002("A text or name without its closing quote"),
    /** A declaration or block without {@code end}. */
    E003("`end` is missing, or there is one too many"),
    /** A character that means nothing. */
    E004("A character that means nothing"),
    /** A file that is too large. */
    E005("A file that is too large"),
    /** Nested too deeply, or an expression that is too long. */
    E006("Nested too deeply, or too long"),
    /** A literal that cannot be: 25:00, 2026-02-30, a number beyond all bounds. */
    E007("A value that cannot be"),
    /** A hole in a string that cannot be read. */
    E008("A hole in a text that cannot be read"),
    /** An unknown unit. */
    E009("An unknown unit"),
    /** Two declarations of one name. */
    E010("A name that is given twice"),
    /** A calendar of days off that cannot be read. */
    E011("A calendar that cannot be read"),
    /** Unknown name of a device or point. */
    E101("An unknown point"),
    /** A known device has no such point, action or event. */
    E102("A device has no such point, action or event"),
    /** The point cannot be written. */
    E103("A point that can only be read"),
    /** Unknown scene, group, alarm, sequence, device type, function. */
    E104("An unknown scene, group, alarm, kind of device …"),
    /** Arguments do not fit. */
    E105("Arguments that do not fit"),
    /** Not readable, or not usable at this place. */
    E106("Something that has no value here"),
    /** Arithmetic over dimensions or types that do not go together. */
    E201("A calculation that makes no sense"),
    /** Comparison of what cannot be compared. */
    E202("A comparison that makes no sense"),
    /** Assignment of what the target cannot hold; a value of the wrong type. */
    E203("A value of the wrong kind"),
    /** Outside the range or the options. */
    E204("A value outside the range or the options"),
    /** Waits without a mode. */
    E301("A rule that waits without a mode"),
    /** {@code wait until} in a sequence without {@code within}. */
    E302("A step that may wait for ever"),
    /** Negative or missing dead band. */
    E401("No dead band, or a negative one"),
    /** On and off overlap. */
    E402("On and off overlap, or one of them is missing"),
    /** A loop through its own output. */
    E501("A loop through its own output"),
    /** A test fails. */
    E601("A test that fails"),
    /** Passed the check, and the engine of this version cannot run it. */
    E900("Something that this version cannot run"),
    /** Two writers of one point in one class. */
    W501("Two writers in the same class"),
    /** Read in a condition, but never a trigger. */
    W502("Read in a condition, but never a trigger"),
    /** Control without {@code fail}. */
    W503("A control without `fail`"),
    /** A point without max-age decides a safety action. */
    W504("A point without max-age decides a safety action"),
    /** A branch that can never be reached. */
    W505("A branch that can never be reached"),
    /** The target of a link is also commanded by a rule. */
    W506("The target of a link is also commanded by a rule");

    private final String title;

    Code(String title) {
        this.title = title;
    }

    /** What it means in a few words; the heading of its page. */
    public String title() {
        return title;
    }

    /** Whether it stops the load. */
    public boolean isError() {
        return name().charAt(0) == 'E';
    }
}
