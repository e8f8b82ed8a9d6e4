package org.fieldhouse.rules.program;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * Everything that runs, as one. Immutable; may be shared by engines.
 *
 * @param sources where the cells have their values from; conditions name them by index
 * @param held the conditions whose lasting is measured, by index, inner before outer
 * @param codes the declarations, by kind and name
 * @param daysOff beside those of the place
 */
public record Program(List<Source> sources, List<HeldCode> held, List<Code> codes, Set<LocalDate> daysOff) {
    public static final Program EMPTY = new Program(List.of(), List.of(), List.of(), Set.of());

    public Program {
        sources = List.copyOf(sources);
        held = List.copyOf(held);
        codes = List.copyOf(codes);
        daysOff = Set.copyOf(daysOff);
    }
}
