package org.fieldhouse.api.event;

import org.fieldhouse.api.event.Cause.RuleRef;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say about why it acts. Who the caller is, the runtime finds out for itself.
 *
 * @param parent sequence number of the event reacted to; 0 for none
 * @param actor whom the caller acts for, e.g. the user who is logged in; empty for itself
 * @param rule the deciding declaration; taken from the rules bundle only
 */
public record Cue(long parent, String actor, @Nullable RuleRef rule) {
    public static final Cue NONE = new Cue(0, "", null);

    /** Acting for a person. */
    public static Cue user(String name) {
        return new Cue(0, name, null);
    }
}
