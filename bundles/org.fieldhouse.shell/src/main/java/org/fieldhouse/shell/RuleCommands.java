package org.fieldhouse.shell;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Asks the rules what they do and why, and sets their variables. */
@Component(
        service = RuleCommands.class,
        property = {
            "osgi.command.scope=fieldhouse",
            "osgi.command.function=rules",
            "osgi.command.function=why",
            "osgi.command.function=whynot",
            "osgi.command.function=functions",
            "osgi.command.function=set"
        })
public final class RuleCommands {
    static final String NO_RULES = "this house runs without rules: the feature `rules` is not started";

    private final @Nullable RuleBook present;
    private final Places places;
    private final Clock clock = Clock.systemUTC();

    @Activate
    public RuleCommands(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RuleBook book,
            @Reference House house) {
        present = book;
        places = new Places(house);
    }

    /** A house may be run without rules. */
    private RuleBook book() {
        if (present == null) {
            throw new CommandFailure(NO_RULES);
        }
        return present;
    }

    /** All declarations in force. */
    public void rules() {
        Table table = new Table().row("KIND", "NAME", "AT", "TRIGGERED", "WAITING", "");
        for (RuleInfo rule : book().rules()) {
            table.row(
                    rule.kind(),
                    rule.name(),
                    rule.place().toString(),
                    Long.toString(rule.runs()),
                    rule.waiting() == 0 ? "" : Integer.toString(rule.waiting()),
                    rule.detail());
        }
        System.out.println(table.isEmpty() ? "There are no rules; write rules/*.rules." : table);
    }

    /** {@code why NAME.point} or {@code why N}, the number of a command. */
    public void why(String... words) {
        if (words.length == 0) {
            throw new CommandFailure("why NAME.point, or why N for the command with that number: why Hall.Light");
        }
        String what = String.join(" ", words);
        print(
                what.matches("\\d{1,18}")
                        ? book().why(Long.parseLong(what))
                        : book().why(places.place(what).id()),
                "");
    }

    /** {@code whynot RULE TIME}, a time of the house as explanations tell it; without one, now. */
    public void whynot(String... words) {
        if (words.length == 0) {
            throw new CommandFailure("whynot RULE [TIME]: whynot \"Hall light\" 18:05");
        }
        Instant now = clock.instant();
        String last = words[words.length - 1];
        boolean timed = words.length > 1 && last.matches("\\d.*:.*");
        int end = timed ? words.length - 1 : words.length;
        if (timed && end > 1 && words[end - 1].matches("\\d{4}-\\d\\d-\\d\\d")) {
            last = words[end - 1] + 'T' + last; // as explanations write it
            end--;
        }
        if (timed && end > 1 && words[end - 1].equals("at")) {
            end--;
        }
        String rule = String.join(" ", Arrays.asList(words).subList(0, end));
        List<String> names =
                book().rules().stream().map(RuleInfo::name).distinct().toList();
        if (!names.contains(rule)) {
            throw new CommandFailure("there is no rule \"" + rule + '"' + Suggestions.didYouMean(rule, names, "rules"));
        }
        print(book().whyNot(rule, timed ? Times.instant(last, now, book().zone()) : now), "");
    }

    private static void print(Explanation explanation, String indent) {
        System.out.println(indent + Places.line(explanation.text()));
        explanation.because().forEach(e -> print(e, indent.isEmpty() ? "  ← " : "    " + indent));
    }

    /** What bundles add to the rule language. */
    public void functions() {
        Table table = new Table().row("FUNCTION", "KIND", "GIVES", "");
        for (FunctionSpec each : book().functions()) {
            String parameters = each.parameters().stream()
                    .map(p -> p.name() + ": " + p.value().describe() + (p.required() ? "" : " (optional)"))
                    .collect(Collectors.joining(", "));
            ValueSpec result = each.result();
            table.row(
                    each.name() + "(" + parameters + ")",
                    each.isPure() ? "pure" : "action, " + each.timeout().toMillis() / 1000.0 + " s",
                    result == null ? "" : result.describe(),
                    each.title());
        }
        System.out.println(table.isEmpty() ? "No bundle adds functions." : table);
    }

    /** {@code set VARIABLE VALUE}. */
    public void set(String... words) {
        if (words.length < 2) {
            throw new CommandFailure("set VARIABLE VALUE: set Guests on");
        }
        String text = String.join(" ", Arrays.asList(words).subList(1, words.length));
        try {
            book().setVariable(words[0], guess(text), Cue.user(Times.user()))
                    .toCompletableFuture()
                    .get(15, TimeUnit.SECONDS);
            System.out.println(words[0] + " is " + text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage() + (words[0].contains(".") ? "; `send` is for points" : ""));
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailure("not set: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A variable's type is known to the rules alone; they refuse what does not fit. */
    private static Value guess(String text) {
        String t = text.strip();
        if (t.equals("on") || t.equals("off") || t.equals("true") || t.equals("false")) {
            return Bool.of(t.equals("on") || t.equals("true"));
        }
        if (t.length() >= 2 && t.startsWith("\"") && t.endsWith("\"")) {
            return new Text(t.substring(1, t.length() - 1));
        }
        if (t.matches("[-+]?\\d.*")) {
            int end = 1;
            while (end < t.length() && (Character.isDigit(t.charAt(end)) || t.charAt(end) == '.')) {
                end++;
            }
            String number = t.substring(0, end);
            if (!number.matches("[-+]?\\d+(\\.\\d+)?")) {
                throw new CommandFailure("'" + number + "' is no number");
            }
            return new Quantity(
                    Double.parseDouble(number), Units.of(t.substring(end).strip()));
        }
        return new Choice(t);
    }
}
