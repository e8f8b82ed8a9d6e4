package org.fieldhouse.rules.editor;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.editor.Completion.Kind;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;

/** Offers names of the owner's things, and their points, where one can stand. */
final class NameItems {
    /** For what a name would be used. */
    private enum Use {
        NOTHING,
        VALUE,
        WRITE,
        ACTION,
        EDGE,
        GROUP,
        MEMBER,
        SCENE,
        ALARM,
        RECIPIENT,
        UPLINK,
        AREA,
        TAG
    }

    private final NameTable names;
    private final Caret caret;
    private final Map<String, Kind> recipients;
    private final Consumer<Completion> into;
    private final String typed;

    NameItems(NameTable names, Caret caret, Map<String, Kind> recipients, Consumer<Completion> into) {
        this.names = names;
        this.caret = caret;
        this.recipients = recipients;
        this.into = into;
        this.typed = caret.piece().replace("`", "").toLowerCase(Locale.ROOT);
    }

    /** What can stand where that frame expects a name. */
    void offer(Frame frame) {
        Use use = frame.rule() == RulesParser.RULE_ref ? ofRef(frame) : ofPath(frame);
        switch (use) {
            case NOTHING -> {}
            case SCENE -> declared("scene", Kind.SCENE);
            case ALARM -> declared("alarm", Kind.ALARM);
            case RECIPIENT -> recipients.forEach((name, kind) -> name(name, kind, "is told", ""));
            case UPLINK ->
                names.declarations().forEach(each -> {
                    if (each.decl() instanceof Decl.Upload upload) {
                        name(upload.to().text(), Kind.RECIPIENT, "takes uploads", "");
                    }
                });
            case AREA -> names.model().devices().forEach(each -> name(each.area(), Kind.VALUE, "area", ""));
            case TAG ->
                names.model().devices().forEach(each -> each.tags().forEach(tag -> name(tag, Kind.VALUE, "tag", "")));
            case GROUP -> declared("group", Kind.GROUP);
            case VALUE, WRITE, ACTION, EDGE, MEMBER -> values(use);
        }
    }

    private int typeBefore(int steps) {
        int at = caret.before().size() - steps;
        return at < 0 ? 0 : caret.before().get(at).type();
    }

    private int firstOf(Frame frame) {
        return frame.start() < caret.before().size()
                ? caret.before().get(frame.start()).type()
                : 0;
    }

    private Use ofRef(Frame ref) {
        Frame outer = ref.outer();
        if (outer == null) {
            return Use.VALUE;
        }
        return switch (outer.rule()) {
            case RulesParser.RULE_statement -> firstOf(outer) == RulesLexer.CALL ? Use.ACTION : Use.WRITE;
            case RulesParser.RULE_controlDecl, RulesParser.RULE_assignment -> Use.WRITE;
            case RulesParser.RULE_groupDecl -> Use.MEMBER;
            case RulesParser.RULE_edge -> Use.EDGE;
            case RulesParser.RULE_subject -> typeBefore(1) == RulesLexer.OF ? Use.GROUP : Use.EDGE;
            case RulesParser.RULE_primary -> typeBefore(1) == RulesLexer.OF ? Use.GROUP : Use.VALUE;
            default -> Use.VALUE;
        };
    }

    private Use ofPath(Frame frame) {
        int last = typeBefore(1);
        return switch (frame.rule()) {
            case RulesParser.RULE_statement ->
                switch (firstOf(frame)) {
                    case RulesLexer.ACTIVATE -> Use.SCENE;
                    case RulesLexer.RAISE, RulesLexer.CLEAR -> Use.ALARM;
                    case RulesLexer.NOTIFY -> Use.RECIPIENT;
                    default -> Use.NOTHING;
                };
            case RulesParser.RULE_primary, RulesParser.RULE_act -> Use.ALARM;
            case RulesParser.RULE_alarmPart, RulesParser.RULE_expectation -> Use.RECIPIENT;
            case RulesParser.RULE_uploadDecl -> Use.UPLINK;
            case RulesParser.RULE_groupDecl ->
                last == RulesLexer.IN ? Use.AREA : last == RulesLexer.TAGGED ? Use.TAG : Use.NOTHING;
            default -> Use.NOTHING;
        };
    }

    private void declared(String kind, Kind as) {
        for (NameTable.Declared each : names.declarations()) {
            if (each.decl().kind().equals(kind)) {
                name(each.decl().key(), as, kind, Descriptions.of(each, names));
            }
        }
    }

    private void values(Use use) {
        int dot = lastDot(caret.piece());
        if (dot >= 0) {
            members(
                    caret.piece().substring(0, dot).replace("`", ""),
                    caret.piece().substring(dot + 1),
                    dot,
                    use);
        }
        if (use == Use.VALUE || use == Use.EDGE) {
            caret.locals().forEach((name, value) -> {
                if (!name.isEmpty() && Character.isUpperCase(name.codePointAt(0))) {
                    name(name, Kind.LOCAL, value, "");
                }
            });
        }
        for (NameTable.Declared each : names.declarations()) {
            Decl decl = each.decl();
            boolean counter = decl instanceof Decl.Counter && use != Use.WRITE && use != Use.ACTION;
            boolean variable = decl instanceof Decl.Variable && use != Use.ACTION;
            boolean group = decl instanceof Decl.Group && (use == Use.WRITE || use == Use.MEMBER);
            if (counter || variable || group) {
                Kind kind = counter ? Kind.COUNTER : variable ? Kind.VARIABLE : Kind.GROUP;
                name(decl.key(), kind, detail(decl), Descriptions.of(each, names));
            }
        }
        for (DeviceInfo device : names.model().devices()) {
            if (fits(device, use)) {
                name(device.name(), Kind.DEVICE, device.description().type(), () -> Descriptions.of(device));
            }
        }
    }

    private String detail(Decl decl) {
        return names.spec(decl).map(spec -> spec.describe()).orElse(decl.kind());
    }

    private static boolean fits(DeviceInfo device, Use use) {
        return switch (use) {
            case WRITE ->
                device.description().points().stream().anyMatch(p -> p.access().writable());
            case ACTION -> !device.description().actions().isEmpty();
            default -> true;
        };
    }

    /** The last dot that is not in back-quotes; -1 if there is none. */
    private static int lastDot(String piece) {
        int last = -1;
        boolean quoted = false;
        for (int i = 0; i < piece.length(); i++) {
            quoted ^= piece.charAt(i) == '`';
            last = piece.charAt(i) == '.' && !quoted ? i : last;
        }
        return last;
    }

    private void members(String owner, String begun, int dot, Use use) {
        Optional<DeviceInfo> device = names.model().named(owner);
        if (device.isEmpty()
                && names.resolve(owner, "").orElse(null) instanceof Resolution.OfGroup group
                && !group.members().isEmpty()
                && group.members().get(0) instanceof Resolution.OfPoint first) {
            device = Optional.of(first.device());
        }
        if (device.isEmpty()) {
            return;
        }
        DeviceInfo d = device.get();
        int from = caret.from() + dot + 1;
        if (use != Use.ACTION) {
            for (PointSpec point : d.description().points()) {
                if (point.name().startsWith(begun) && (use != Use.WRITE || point.access() != Access.READ)) {
                    String detail = point.value().describe();
                    into.accept(new Completion(
                            point.name(), Kind.POINT, detail, Descriptions.of(d, point), from, point.name(), 0));
                }
            }
        } else {
            d.description().actions().stream()
                    .filter(each -> each.name().startsWith(begun))
                    .forEach(each -> into.accept(new Completion(
                            each.name(), Kind.ACTION, "", Descriptions.of(d, each), from, each.name() + "()", 0)));
        }
        if (use == Use.EDGE) {
            d.description().events().stream()
                    .filter(each -> each.name().startsWith(begun))
                    .forEach(each -> into.accept(new Completion(
                            each.name(), Kind.EVENT, "", Descriptions.of(d, each), from, each.name() + " happens", 0)));
        }
    }

    private void name(String name, Kind kind, String detail, String documentation) {
        name(name, kind, detail, () -> documentation);
    }

    private void name(String name, Kind kind, String detail, Supplier<String> documentation) {
        if (!name.isEmpty() && name.toLowerCase(Locale.ROOT).contains(typed)) {
            into.accept(new Completion(name, kind, detail, documentation.get(), caret.from(), Names.quoted(name), 1));
        }
    }
}
