package org.fieldhouse.api.rules;

import org.fieldhouse.api.config.SourceSpan;

/**
 * An alarm of the rule files.
 *
 * @param name as declared
 * @param state as ANSI/ISA-18.2 has it: {@code normal}, {@code unacknowledged}, {@code acknowledged}, {@code returned} (to normal,
 *     unacknowledged), {@code shelved}, {@code suppressed}, {@code out_of_service}
 * @param priority {@code critical}, {@code high}, {@code medium} or {@code low}
 * @param active whether its condition holds, also while it is not shown
 * @param raisedMicros when it last came forward, µs since 1970; 0 for never
 * @param shelvedUntilMicros when shelving ends, µs since 1970; 0 if it is not shelved
 * @param text its message
 */
public record AlarmInfo(
        String name,
        SourceSpan place,
        String state,
        String priority,
        boolean active,
        long raisedMicros,
        long shelvedUntilMicros,
        String text) {}
