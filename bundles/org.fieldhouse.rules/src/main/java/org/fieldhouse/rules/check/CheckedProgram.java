package org.fieldhouse.rules.check;

import java.time.LocalDate;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Node;

/**
 * The declarations that passed, with what the checker found out about their nodes. Nodes are looked up by identity.
 * Immutable; may be read from any thread.
 */
public final class CheckedProgram {
    private final List<CheckedDecl> declarations;
    private final HouseModel model;
    private final IdentityHashMap<Expr, Type> types;
    private final IdentityHashMap<Expr, Value> constants;
    private final IdentityHashMap<Node, Resolution> resolutions;
    private final Set<LocalDate> daysOff;

    CheckedProgram(
            List<CheckedDecl> declarations,
            HouseModel model,
            IdentityHashMap<Expr, Type> types,
            IdentityHashMap<Expr, Value> constants,
            IdentityHashMap<Node, Resolution> resolutions,
            Set<LocalDate> daysOff) {
        this.daysOff = Set.copyOf(daysOff);
        this.declarations = List.copyOf(declarations);
        this.model = model;
        this.types = types;
        this.constants = constants;
        this.resolutions = resolutions;
    }

    /** Some of its declarations, as a program of their own. */
    CheckedProgram only(List<CheckedDecl> some) {
        return new CheckedProgram(some, model, types, constants, resolutions, daysOff);
    }

    /** All declarations without errors, by file and then in the order of the text. */
    public List<CheckedDecl> declarations() {
        return declarations;
    }

    /** The days off of the calendars beside the rules. */
    public Set<LocalDate> daysOff() {
        return daysOff;
    }

    /** The house it was checked against, devices that are only expected included. */
    public HouseModel model() {
        return model;
    }

    /**
     * The type of an expression; for a quantity with the unit that its number is in.
     *
     * @throws IllegalArgumentException for an expression that is no part of this program
     */
    public Type type(Expr expression) {
        Type type = types.get(expression);
        if (type == null) {
            throw new IllegalArgumentException("not checked: " + expression);
        }
        return type;
    }

    /**
     * The value of a literal (number, quantity, duration, plain text, word, colour), in the unit of what it is compared with or
     * assigned to. Empty for what must be computed, and for times of day and dates, which carry their own value.
     */
    public Optional<Value> constant(Expr expression) {
        return Optional.ofNullable(constants.get(expression));
    }

    /**
     * What a name stands for. Nodes that have one: each {@code Ref} (by the Ref itself); {@code Expr.Word} that is a local;
     * {@code Arg} of a {@code with} list, an action or an event (parameter, or a sibling point); {@code Name} of a scene, alarm.
     */
    public Optional<Resolution> resolution(Node node) {
        return Optional.ofNullable(resolutions.get(node));
    }
}
