package org.fieldhouse.rules.editor;

import java.util.List;

/**
 * Something that can be written at a place.
 *
 * @param label as shown and, unless {@code insert} says otherwise, as written
 * @param kind what it is
 * @param detail a few words beside the label: {@code 0 to 100 %}
 * @param documentation Markdown; may be empty
 * @param from offset of the text that it replaces; the text ends at the place
 * @param insert what is written
 * @param rank smaller ones first: 0 fits exactly, 1 is a name, 2 a word of the language, 3 goes on with the line before
 */
public record Completion(
        String label, Kind kind, String detail, String documentation, int from, String insert, int rank) {

    /** What a completion is. */
    public enum Kind {
        DEVICE,
        POINT,
        ACTION,
        EVENT,
        OPTION,
        VARIABLE,
        COUNTER,
        GROUP,
        SCENE,
        ALARM,
        LOCAL,
        RECIPIENT,
        FUNCTION,
        UNIT,
        VALUE,
        KEYWORD
    }

    /**
     * All that fits, best first.
     *
     * @param incomplete whether there are more, to be asked for again when more is typed
     */
    public record Offer(List<Completion> items, boolean incomplete) {
        public Offer {
            items = List.copyOf(items);
        }
    }
}
