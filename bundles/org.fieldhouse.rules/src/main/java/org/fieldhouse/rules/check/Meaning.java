package org.fieldhouse.rules.check;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.syntax.ast.Decl;

/**
 * All that the meaning of a declaration depends on beside its own text.
 *
 * @param model the house; whether a device is online means nothing to rules
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
        List<DeviceInfo> before = a.devices();
        List<DeviceInfo> now = b.devices();
        boolean same = before.size() == now.size() && a.functions().equals(b.functions());
        for (int i = 0; same && i < now.size(); i++) {
            same = isSame(before.get(i), now.get(i));
        }
        return same;
    }

    private static boolean isSame(DeviceInfo a, DeviceInfo b) {
        return a == b
                || a.id().equals(b.id())
                        && a.name().equals(b.name())
                        && a.binding().equals(b.binding())
                        && Objects.equals(a.bridge(), b.bridge())
                        && a.area().equals(b.area())
                        && a.tags().equals(b.tags())
                        && (a.description() == b.description()
                                || a.description().equals(b.description()));
    }
}
