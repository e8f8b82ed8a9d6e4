package org.fieldhouse.importer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.importer.OhTokens.Token;

/**
 * Rules of openHAB's textual language (.rules), and the items that they use (.items). Their words are read as they stand; what is
 * outside a rule is only looked at for timers.
 */
final class OpenHab {
    private static final Set<String> STATES = Set.of("ON", "OFF", "OPEN", "CLOSED", "UP", "DOWN");

    private final Names names;
    private final OhItems items;
    private final Set<String> titles = new HashSet<>();

    OpenHab(Names names) {
        this.names = names;
        this.items = new OhItems(names);
    }

    /**
     * What a file has outside a rule.
     *
     * @param shared names that more than one rule uses
     * @param constants names that stand for one value
     */
    record Surroundings(Set<String> shared, Map<String, OhValue> constants) {}

    /** A rule as it stands in its file. */
    private record Found(String name, int line, int lastLine, List<Token> when, List<Token> then) {}

    void translate(Map<Path, String> texts, Assembly assembly) {
        texts.forEach((file, text) -> {
            if (file.toString().endsWith(".items")) {
                items.declare(text);
            }
        });
        Map<Path, List<Token>> tokens = new java.util.LinkedHashMap<>();
        texts.forEach((file, text) -> {
            if (!file.toString().endsWith(".items")) {
                tokens.put(file, OhTokens.of(text));
            }
        });
        tokens.values().forEach(this::uses);
        tokens.forEach((file, words) -> Main.add(
                assembly, file, rules(String.valueOf(file.getFileName()), texts.getOrDefault(file, ""), words)));
    }

    /** How the rules use their items. */
    private void uses(List<Token> tokens) {
        for (int i = 0; i + 3 < tokens.size(); i++) {
            boolean method = tokens.get(i + 1).is(".") && tokens.get(i + 2).is("sendCommand");
            boolean call = tokens.get(i).is("sendCommand") && tokens.get(i + 1).is("(");
            String item =
                    method ? tokens.get(i).text() : call ? tokens.get(i + 2).text() : "";
            int value = i + 4;
            if (!item.isEmpty()) {
                items.used(item, "command");
                items.used(
                        item,
                        value < tokens.size() && tokens.get(value).kind() == OhTokens.Kind.NUMBER
                                ? "percent"
                                : value < tokens.size() ? tokens.get(value).text() : "");
            }
            if (tokens.get(i + 1).is(".") && tokens.get(i + 2).is("state")) {
                for (int j = i + 3; j < Math.min(tokens.size(), i + 5); j++) {
                    used(tokens.get(i).text(), tokens.get(j).text());
                }
            }
            if (tokens.get(i).is("Item")) {
                for (int j = i + 2;
                        j < Math.min(tokens.size(), i + 8)
                                && !tokens.get(j).is("or")
                                && !tokens.get(j).is("then");
                        j++) {
                    used(tokens.get(i + 1).text(), tokens.get(j).text());
                }
            }
        }
    }

    private void used(String item, String state) {
        if (STATES.contains(state)) {
            items.used(item, state);
        }
    }

    private List<Draft> rules(String file, String text, List<Token> tokens) {
        String[] lines = text.split("\r\n|\r|\n", -1);
        List<Found> found = split(tokens);
        Map<String, Set<Found>> where = new HashMap<>();
        for (Found rule : found) {
            rule.then().forEach(token -> where.computeIfAbsent(token.text(), key -> new HashSet<>())
                    .add(rule));
        }
        Set<String> shared = new HashSet<>();
        where.forEach((name, in) -> {
            if (in.size() > 1) {
                shared.add(name);
            }
        });
        Surroundings around = new Surroundings(shared, constants(tokens));
        List<Draft> drafts = new ArrayList<>();
        for (Found rule : found) {
            List<String> original = new ArrayList<>();
            for (int i = rule.line(); i <= Math.min(lines.length, rule.lastLine()); i++) {
                original.add(lines[i - 1]);
            }
            drafts.add(rule(new Draft.Origin(file, rule.line(), original), rule, around));
        }
        return drafts;
    }

    private Draft rule(Draft.Origin origin, Found rule, Surroundings around) {
        Draft draft = Draft.rule(origin, title(rule.name()));
        OhTriggers triggers = new OhTriggers(draft, items, names);
        triggers.heads(rule.when(), rule.line());
        String mode = new OhBody(draft, items, names, rule.then(), around).translate();
        if (!mode.isEmpty()) {
            draft.head("mode " + mode);
        }
        boolean tells = draft.isWaiting() || draft.says("notify ") || draft.says("log ");
        if (triggers.firesForTheSame() && tells) {
            draft.cannot(
                    rule.line(),
                    "'received' also happens for a value that is as before, and this rule would not: trigger on the change if that will do");
        }
        return draft;
    }

    /** {@code val Number LIMIT = 20} before the first rule. */
    private static Map<String, OhValue> constants(List<Token> tokens) {
        Map<String, OhValue> out = new HashMap<>();
        for (int i = 2; i < tokens.size() && !tokens.get(i).is("rule"); i++) {
            int line = tokens.get(i).line();
            boolean val =
                    tokens.get(i - 2).is("val") || i > 2 && tokens.get(i - 3).is("val");
            boolean alone = i + 2 >= tokens.size()
                    || tokens.get(i + 2).line() > line
                    || tokens.get(i + 2).is(";");
            if (val && tokens.get(i).is("=") && alone && i + 1 < tokens.size()) {
                Token value = tokens.get(i + 1);
                OhValue.Kind kind = value.kind() == OhTokens.Kind.TEXT ? OhValue.Kind.TEXT : OhValue.Kind.NUMBER;
                if (value.kind() == OhTokens.Kind.TEXT || value.kind() == OhTokens.Kind.NUMBER) {
                    out.put(tokens.get(i - 1).text(), OhValue.of(kind, Text.escaped(value.text())));
                }
            }
        }
        return out;
    }

    private static List<Found> split(List<Token> tokens) {
        List<Found> out = new ArrayList<>();
        int i = 0;
        while (i < tokens.size()) {
            boolean named = tokens.get(i).is("rule")
                    && i + 1 < tokens.size()
                    && !tokens.get(i + 1).is(".");
            int when = named ? find(tokens, "when", i) : tokens.size();
            int next = named ? find(tokens, "rule", i + 1) : tokens.size();
            if (when >= Math.min(next, tokens.size())) {
                i++;
                continue;
            }
            int then = Math.min(find(tokens, "then", when), tokens.size());
            int end = Math.min(find(tokens, "end", then), tokens.size());
            int last = tokens.get(Math.min(end, tokens.size() - 1)).line();
            List<Token> triggers = then > when + 1 ? tokens.subList(when + 1, then) : List.of();
            List<Token> body = end > then + 1 ? tokens.subList(then + 1, end) : List.of();
            out.add(new Found(
                    tokens.get(i + 1).text(), tokens.get(i).line(), last, List.copyOf(triggers), List.copyOf(body)));
            i = end + 1;
        }
        return out;
    }

    private static int find(List<Token> tokens, String word, int from) {
        for (int i = from; i < tokens.size(); i++) {
            if (tokens.get(i).is(word)) {
                return i;
            }
        }
        return tokens.size();
    }

    private String title(String name) {
        String plain = Text.title(name);
        String title = plain.isEmpty() ? "unnamed" : plain;
        for (int i = 2; !titles.add(title); i++) {
            title = plain + " (" + i + ")";
        }
        return title;
    }
}
