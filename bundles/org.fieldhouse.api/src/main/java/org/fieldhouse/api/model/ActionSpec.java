package org.fieldhouse.api.model;

import java.util.List;

/**
 * Something a device can be told to do once.
 *
 * @param name see {@link Names#isMemberName}
 * @param arguments typed, by name
 * @param repeatable whether doing it twice is the same as doing it once. One that is not ({@code toggle}, {@code dose}) leaves
 *     only after its record is on disk, is never re-sent, and ends as {@code UNKNOWN} if a crash cut it off.
 * @param title for people; may be empty
 */
public record ActionSpec(String name, List<ArgumentSpec> arguments, boolean repeatable, String title) {
    public ActionSpec {
        arguments = List.copyOf(arguments);
        if (!Names.isMemberName(name)) {
            throw new IllegalArgumentException(
                    "action name '" + name + "': a lower-case letter, then letters, digits, _");
        }
    }
}
