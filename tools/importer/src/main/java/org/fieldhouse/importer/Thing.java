package org.fieldhouse.importer;

import java.util.Locale;
import java.util.Set;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * What an entity or item is called here.
 *
 * @param id what it is called there
 * @param path the name of a device, variable or group
 * @param member the point, if it is not the main one
 * @param declaration the line that declares it; null for what the house knows already
 * @param description what it can do; null for a variable
 * @param variable what a variable holds; null for a device
 */
record Thing(
        String id,
        String path,
        @Nullable String member,
        @Nullable String declaration,
        @Nullable DeviceDescription description,
        @Nullable ValueSpec variable) {
    private static final Set<String> ON =
            Set.of("on", "open", "home", "locked", "true", "detected", "occupied", "wet", "running");
    private static final Set<String> OFF =
            Set.of("off", "closed", "not_home", "away", "unlocked", "false", "clear", "dry", "not_running");

    /** As it is written in an expression. */
    String ref() {
        return member == null ? path : path + "." + member;
    }

    /** The same with the point that has this name, if there is one. */
    String point(String name) {
        return path + "." + name;
    }

    boolean has(String point) {
        return description != null && description.point(point).isPresent();
    }

    boolean isVariable() {
        return variable != null;
    }

    /** Whether it is one of several devices whose states are words about presence. */
    boolean isPresence() {
        ValueSpec spec = stateSpec();
        return spec != null && spec.kind() == ValueKind.BOOL && spec.options().contains("home");
    }

    /** The point that tells the state in words: a cover's is {@code open} although its main point is its position. */
    String stateRef() {
        String point = statePoint();
        return point == null ? ref() : point(point);
    }

    private @Nullable String statePoint() {
        if (member != null || description == null) {
            return null;
        }
        PointSpec main = main();
        boolean measured = main == null || main.value().kind() == ValueKind.QUANTITY;
        if (measured && has("open")) {
            return "open";
        }
        return measured && has("mode") ? "mode" : null;
    }

    private @Nullable PointSpec main() {
        return description == null || description.mainPoint() == null
                ? null
                : description.point(description.mainPoint()).orElse(null);
    }

    /** What {@link #ref} holds; null for a device without points. */
    @Nullable
    ValueSpec spec() {
        if (variable != null || description == null) {
            return variable;
        }
        PointSpec point = member == null ? main() : description.point(member).orElse(null);
        return point == null ? null : point.value();
    }

    /** What {@link #stateRef} holds. */
    @Nullable
    ValueSpec stateSpec() {
        String point = statePoint();
        return point == null || description == null
                ? spec()
                : description.point(point).map(PointSpec::value).orElse(null);
    }

    /** The word for a state that is called so there; null if it is none of this thing's. */
    @Nullable
    String word(String state) {
        ValueSpec spec = stateSpec();
        if (spec == null) {
            return null;
        }
        String low = state.toLowerCase(Locale.ROOT);
        return switch (spec.kind()) {
            case BOOL -> side(low, spec);
            case CHOICE -> spec.options().contains(low) ? low : null;
            case TEXT -> Text.quoted(state);
            default -> null;
        };
    }

    private static @Nullable String side(String state, ValueSpec spec) {
        if (spec.options().contains(state)) {
            return state;
        }
        boolean own = spec.options().contains("locked") && !state.equals("true") && !state.equals("false");
        if (own) {
            return null;
        }
        return ON.contains(state)
                ? spec.options().get(1)
                : OFF.contains(state) ? spec.options().get(0) : null;
    }

    /** The other word of a two-valued state; null if it has not just two. */
    @Nullable
    String other(String word) {
        ValueSpec spec = stateSpec();
        if (spec == null || spec.kind() != ValueKind.BOOL) {
            return null;
        }
        return spec.options().get(spec.options().get(0).equals(word) ? 1 : 0);
    }
}
