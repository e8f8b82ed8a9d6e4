package org.fieldhouse.rules.engine;

import org.fieldhouse.rules.program.Code.Head;
import org.fieldhouse.rules.syntax.ast.Decl;

/**
 * How an alarm is.
 *
 * @param state see {@code AlarmInfo}
 * @param active whether its condition holds, shown or not
 * @param raised when it last came forward, µs since 1970; 0 for never
 * @param shelvedUntil µs since 1970; 0 if it is not shelved
 * @param shelveSeconds how long it can be shelved at most
 * @param text its message as it would be now
 */
public record AlarmStanding(
        Head head,
        String state,
        Decl.AlarmPriority priority,
        boolean active,
        long raised,
        long shelvedUntil,
        double shelveSeconds,
        String text) {}
