package org.fieldhouse.rules.engine;

import java.util.Map;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** What the engine wants done. */
public sealed interface Output {
    /** The event that led to it. */
    long parent();

    /** The statement that decided it. */
    RuleRef rule();

    /** A command. */
    record Send(Request request, long parent, RuleRef rule) implements Output {}

    /** People are to be told. */
    record Notify(String recipient, String text, long parent, RuleRef rule) implements Output {}

    /** A variable was set; the engine already goes on with the new value. */
    record SetVariable(String name, @Nullable Value before, Value after, long parent, RuleRef rule) implements Output {}

    /** An alarm is in another state; its text is what it says of itself. */
    record AlarmChanged(String alarm, String state, String priority, String text, long parent, RuleRef rule)
            implements Output {}

    /** A value for the other side. */
    record Upload(String to, String name, Value value, long micros, long parent, RuleRef rule) implements Output {}

    /**
     * A function of a bundle is to be called. Its result comes back as an event.
     *
     * @param call its number, for good
     */
    record Invoke(long call, String function, Map<String, Value> arguments, long parent, RuleRef rule)
            implements Output {}

    /**
     * A link is to be put into the machine that it comes from, or taken out of it.
     *
     * @param name of the declaration
     * @param wanted in or out
     */
    record Link(String name, DirectLink link, boolean wanted, long parent, RuleRef rule) implements Output {}

    /** A line for the log. */
    record Log(String text, long parent, RuleRef rule) implements Output {}

    /**
     * Something did not go as the rule says.
     *
     * @param bug what was thrown; null for trouble that is part of the language
     */
    record Trouble(String text, @Nullable Throwable bug, long parent, RuleRef rule) implements Output {}
}
