package org.fieldhouse.rules.check;

import java.util.List;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Stmt;

/** What a name in a rule file turned out to be. */
public sealed interface Resolution {

    /** A point of a device; the device may be one that is only expected. */
    record OfPoint(DeviceInfo device, PointSpec spec) implements Resolution {
        public PointId id() {
            return new PointId(device.id(), spec.name());
        }
    }

    /** A device as a whole ({@code goes offline}), or one without a main point. */
    record OfDevice(DeviceInfo device) implements Resolution {}

    /** An event of a device. */
    record OfEvent(DeviceInfo device, EventSpec spec) implements Resolution {}

    /** An action of a device. */
    record OfAction(DeviceInfo device, ActionSpec spec) implements Resolution {}

    /** A function that a bundle contributes. */
    record OfFunction(FunctionSpec spec) implements Resolution {}

    /** An argument of an action, a field of an event, or a parameter of a write ({@code fade}). */
    record OfParameter(ArgumentSpec spec) implements Resolution {}

    /** A variable. */
    record OfVariable(Decl.Variable variable, ValueSpec spec) implements Resolution {}

    /** A counter. */
    record OfCounter(Decl.Counter counter, ValueSpec spec) implements Resolution {}

    /**
     * A group, its members worked out (groups in groups unfolded, each member once).
     *
     * @param members the point of each member that is meant: the named one, or the main one
     */
    record OfGroup(Decl.Group group, List<Resolution> members) implements Resolution {
        public OfGroup {
            members = List.copyOf(members);
        }
    }

    /** A {@code let} of this body. */
    record OfLocal(Stmt.Let let) implements Resolution {}

    /** A scene, alarm or other declaration that is named by name only. */
    record OfDecl(Decl declaration) implements Resolution {}
}
