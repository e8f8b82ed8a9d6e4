package org.fieldhouse.rules.editor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;

/**
 * What the statement or event around a place is about, and what can be given to it.
 *
 * @param options what may stand behind {@code with}, with its values
 * @param arguments of the action or function that is called
 */
record Target(Map<String, ValueSpec> options, List<ArgumentSpec> arguments) {
    private static final Target NONE = new Target(Map.of(), List.of());

    /** Of the innermost statement, event or act around the frame. */
    static Target of(NameTable names, List<Lexeme> tokens, Frame at, Map<String, String> locals) {
        for (Frame frame : at.chain()) {
            boolean writes = frame.rule() == RulesParser.RULE_statement;
            boolean speaks = frame.rule() == RulesParser.RULE_edge || frame.rule() == RulesParser.RULE_act;
            if (writes || speaks) {
                return of(names, tokens, frame.start(), speaks, locals);
            }
        }
        return NONE;
    }

    private static Target of(
            NameTable names, List<Lexeme> tokens, int start, boolean speaks, Map<String, String> locals) {
        boolean calls = start + 1 < tokens.size() && tokens.get(start).type() == RulesLexer.CALL;
        if (calls && !tokens.get(start + 1).isPath()) {
            return names.model()
                    .function(tokens.get(start + 1).text())
                    .map(each -> new Target(Map.of(), each.parameters()))
                    .orElse(NONE);
        }
        int path = start;
        while (path < tokens.size() && !tokens.get(path).isPath()) {
            path++;
        }
        if (path == tokens.size() || locals.containsKey(tokens.get(path).name())) {
            return NONE;
        }
        String name = tokens.get(path).name();
        Lexeme behind = path + 1 < tokens.size() ? tokens.get(path + 1) : tokens.get(path);
        String member = behind.type() == RulesLexer.MEMBER ? behind.name() : "";
        Optional<DeviceInfo> device = names.model().named(name);
        if (speaks) {
            String event = member.isEmpty() ? behind.text() : member;
            return device.flatMap(d -> d.description().event(event))
                    .map(Target::ofEvent)
                    .orElse(NONE);
        }
        Optional<ActionSpec> action = device.flatMap(d -> d.description().action(member));
        if (action.isPresent()) {
            return new Target(Map.of(), action.get().arguments());
        }
        return names.resolve(name, member).map(Target::ofWrite).orElse(NONE);
    }

    private static Target ofEvent(EventSpec event) {
        Map<String, ValueSpec> fields = new LinkedHashMap<>();
        event.arguments().forEach(each -> fields.put(each.name(), each.value()));
        return new Target(fields, List.of());
    }

    private static Target ofWrite(Resolution found) {
        Resolution one =
                found instanceof Resolution.OfGroup group && !group.members().isEmpty()
                        ? group.members().get(0)
                        : found;
        if (!(one instanceof Resolution.OfPoint point)) {
            return NONE;
        }
        Map<String, ValueSpec> options = new LinkedHashMap<>();
        point.spec().parameters().forEach(each -> options.put(each.name(), each.value()));
        for (PointSpec sibling : point.device().description().points()) {
            if (sibling.access().writable() && !sibling.equals(point.spec())) {
                options.putIfAbsent(sibling.name(), sibling.value());
                sibling.parameters().forEach(each -> options.putIfAbsent(each.name(), each.value()));
            }
        }
        return new Target(options, List.of());
    }
}
