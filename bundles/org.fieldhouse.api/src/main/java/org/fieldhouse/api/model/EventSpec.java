package org.fieldhouse.api.model;

import java.util.List;

/**
 * Something a device says once: a button press.
 *
 * @param name see {@link Names#isMemberName}
 * @param arguments its payload, by name
 * @param title for people; may be empty
 */
public record EventSpec(String name, List<ArgumentSpec> arguments, String title) {
    public EventSpec {
        arguments = List.copyOf(arguments);
        if (!Names.isMemberName(name)) {
            throw new IllegalArgumentException(
                    "event name '" + name + "': a lower-case letter, then letters, digits, _");
        }
    }
}
