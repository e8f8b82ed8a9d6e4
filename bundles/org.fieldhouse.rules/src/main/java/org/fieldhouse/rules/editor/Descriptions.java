package org.fieldhouse.rules.editor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.engine.Wording;
import org.fieldhouse.rules.syntax.ast.Decl;

/** Markdown about things of the house, for hovers and beside completions. */
final class Descriptions {
    private Descriptions() {}

    static String of(DeviceInfo device) {
        DeviceDescription is = device.description();
        StringBuilder all =
                new StringBuilder("**").append(device.name()).append("** · ").append(is.type());
        if (!device.area().isEmpty()) {
            all.append(" in ").append(device.area());
        }
        if (device.binding().isEmpty()) {
            all.append(" · expected, not there yet");
        }
        all.append('\n');
        for (PointSpec point : is.points()) {
            all.append("\n- `").append(point.name()).append("` ").append(summary(point));
            all.append(point.name().equals(is.mainPoint()) ? " · meant by the device alone" : "");
        }
        is.actions().forEach(each -> all.append("\n- `").append(each.name()).append(signature(each.arguments())));
        is.events().forEach(each -> all.append("\n- `").append(each.name()).append("` event"));
        return all.toString();
    }

    static String of(DeviceInfo device, PointSpec point) {
        StringBuilder all = heading(device, point.name(), point.title());
        all.append("\n\n").append(summary(point));
        Duration age = point.maxAge();
        if (age != null) {
            all.append("\n\nstale when older than ").append(Wording.duration(age));
        }
        for (ArgumentSpec each : point.parameters()) {
            all.append("\n\nwith `")
                    .append(each.name())
                    .append("` ")
                    .append(each.value().describe());
        }
        return all.toString();
    }

    static String of(DeviceInfo device, ActionSpec action) {
        return heading(device, action.name(), action.title())
                .append("\n\naction `")
                .append(action.name())
                .append(signature(action.arguments()))
                .append(action.repeatable() ? "" : "\n\nnever sent twice")
                .toString();
    }

    static String of(DeviceInfo device, EventSpec event) {
        StringBuilder all = heading(device, event.name(), event.title()).append("\n\nevent");
        for (ArgumentSpec each : event.arguments()) {
            all.append("\n\n`event.")
                    .append(each.name())
                    .append("` ")
                    .append(each.value().describe());
        }
        return all.toString();
    }

    static String of(FunctionSpec function) {
        return "**" + function.name() + "** · function `" + function.name() + signature(function.parameters())
                + (function.title().isEmpty() ? "" : "\n\n" + function.title());
    }

    private static StringBuilder heading(DeviceInfo device, String member, String title) {
        StringBuilder all = new StringBuilder("**")
                .append(device.name())
                .append('.')
                .append(member)
                .append("**");
        return title.isEmpty() ? all : all.append(" · ").append(title);
    }

    private static String signature(List<ArgumentSpec> arguments) {
        return arguments.stream()
                .map(each -> each.name() + ": " + each.value().describe() + (each.required() ? "" : "?"))
                .collect(Collectors.joining(", ", "(", ")`"));
    }

    /** Values, access and category in a line. */
    static String summary(PointSpec point) {
        String access =
                switch (point.access()) {
                    case READ -> "read only";
                    case WRITE -> "write only";
                    case READ_WRITE -> "read and write";
                };
        return point.value().describe() + " · " + access + " · "
                + point.category().name().toLowerCase(Locale.ROOT);
    }

    /** What was declared, with the file it stands in. */
    static String of(NameTable.Declared declared, NameTable names) {
        Decl decl = declared.decl();
        StringBuilder all =
                new StringBuilder("**").append(decl.key()).append("** · ").append(decl.kind());
        names.spec(decl).ifPresent(spec -> all.append(" · ").append(spec.describe()));
        if (decl instanceof Decl.Group
                && names.resolve(decl.key(), "").orElse(null) instanceof Resolution.OfGroup group) {
            all.append(" of ").append(group.members().size());
        } else if (decl instanceof Decl.Alarm alarm) {
            all.append(" · priority ").append(alarm.priority().name().toLowerCase(Locale.ROOT));
        } else if (decl instanceof Decl.Broken) {
            all.append(" · with an error in it");
        }
        return all.append("\n\n")
                .append(declared.file())
                .append(':')
                .append(decl.span().line())
                .toString();
    }

    static String of(Unit unit) {
        return "**" + (unit.symbol().isEmpty() ? "1" : unit.symbol()) + "** · "
                + (unit.isAbsolute()
                        ? unit.dimension() + ", a place on a scale; a difference is in K"
                        : unit.dimension().toString());
    }

    static String keyword(String word) {
        return Words.meaning(word).map(meaning -> "`" + word + "` · " + meaning).orElse("`" + word + "`");
    }
}
