package org.fieldhouse.rules.check;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.rules.syntax.ast.Decl;

/**
 * All that the meaning of a declaration depends on beside its own text.
 *
 * @param model the house. Whether a device is online means nothing to rules, nor what it is reached over; nor what is for people,
 *     titles and details: a model that was kept with a program has none of these
 * @param named the declarations that others can name, by identity
 * @param broken names of what could not be read
 */
record Meaning(HouseModel model, Set<Decl> named, Set<String> broken) {
    /** Nobody can name these. */
    static boolean isNamed(Decl decl) {
        return !(decl instanceof Decl.Rule
                || decl instanceof Decl.Control
                || decl instanceof Decl.Keep
                || decl instanceof Decl.Sequence
                || decl instanceof Decl.Link
                || decl instanceof Decl.Upload
                || decl instanceof Decl.Test);
    }

    boolean isSame(Meaning other) {
        return broken.equals(other.broken)
                && named.size() == other.named.size()
                && named.containsAll(other.named)
                && isSame(model, other.model);
    }

    private static boolean isSame(HouseModel a, HouseModel b) {
        return isSame(a.devices(), b.devices(), Meaning::isSame)
                && isSame(a.functions(), b.functions(), Meaning::isSame);
    }

    private static <T> boolean isSame(List<T> a, List<T> b, BiPredicate<T, T> each) {
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = a.get(i) == b.get(i) || each.test(a.get(i), b.get(i));
        }
        return same;
    }

    private static boolean isSame(DeviceInfo a, DeviceInfo b) {
        return a.id().equals(b.id())
                && a.name().equals(b.name())
                && a.binding().equals(b.binding())
                && a.area().equals(b.area())
                && a.tags().equals(b.tags())
                && (a.description() == b.description() || isSame(a.description(), b.description()));
    }

    private static boolean isSame(DeviceDescription a, DeviceDescription b) {
        return a.type().equals(b.type())
                && isSame(a.points(), b.points(), Meaning::isSame)
                && isSame(a.actions(), b.actions(), Meaning::isSame)
                && isSame(a.events(), b.events(), Meaning::isSame)
                && Objects.equals(a.mainPoint(), b.mainPoint());
    }

    private static boolean isSame(PointSpec a, PointSpec b) {
        return a.name().equals(b.name())
                && a.value().equals(b.value())
                && a.access() == b.access()
                && a.category() == b.category()
                && Objects.equals(a.maxAge(), b.maxAge())
                && a.feedback() == b.feedback()
                && a.parameters().equals(b.parameters());
    }

    private static boolean isSame(ActionSpec a, ActionSpec b) {
        return a.name().equals(b.name()) && a.arguments().equals(b.arguments()) && a.repeatable() == b.repeatable();
    }

    private static boolean isSame(EventSpec a, EventSpec b) {
        return a.name().equals(b.name()) && a.arguments().equals(b.arguments());
    }

    private static boolean isSame(FunctionSpec a, FunctionSpec b) {
        return a.name().equals(b.name())
                && a.parameters().equals(b.parameters())
                && Objects.equals(a.result(), b.result())
                && a.kind() == b.kind()
                && a.timeout().equals(b.timeout())
                && a.repeatable() == b.repeatable();
    }
}
