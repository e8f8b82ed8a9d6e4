package org.fieldhouse.benchmarks.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.service.DrivenRules;
import org.fieldhouse.rules.test.TestRunner;

/**
 * A journal that was written through any number of kills, played to an engine that was never killed: what that puts out has to be in
 * the journal, each once, and nothing else of a rule.
 */
final class Audit {
    private Audit() {}

    /** What is missing or too much; empty if all is well. */
    static List<String> differences(RuleSet rules, List<Event> events) {
        Map<String, Integer> count = new TreeMap<>();
        Engine engine = new Engine(TestRunner.ANYWHERE);
        for (Event event : events) {
            if (event.fact() instanceof Fact.ExternalFact external
                    && external.type().equals(DrivenRules.activated())) {
                engine.load(rules.program(), event, output -> add(count, key(output), 1));
            } else {
                engine.step(event, output -> add(count, key(output), 1));
            }
            add(count, key(event), -1);
        }
        List<String> wrong = new ArrayList<>();
        count.forEach((what, times) -> {
            if (times != 0) {
                wrong.add(what + (times > 0 ? " is missing" : " is too much") + ", " + Math.abs(times) + " times");
            }
        });
        return wrong;
    }

    private static void add(Map<String, Integer> count, String key, int by) {
        if (!key.isEmpty()) {
            count.merge(key, by, Integer::sum);
        }
    }

    private static String key(Output output) {
        String what = "";
        if (output instanceof Output.Send send) {
            what = text(send.request());
        } else if (output instanceof Output.Notify notify) {
            what = "notify " + notify.recipient();
        } else if (output instanceof Output.SetVariable set) {
            what = "set " + set.name();
        } else if (output instanceof Output.AlarmChanged alarm) {
            what = "alarm " + alarm.alarm() + " " + alarm.state();
        } else if (output instanceof Output.Upload upload) {
            what = "upload " + upload.name() + " " + upload.value();
        }
        return what.isEmpty() ? "" : text(output.rule()) + " because of " + output.parent() + ": " + what;
    }

    private static String key(Event event) {
        RuleRef rule = event.cause().rule();
        if (rule == null) {
            return "";
        }
        String what = "";
        if (event.fact() instanceof Fact.CommandAccepted accepted) {
            what = text(accepted.command().request());
        } else if (event.fact() instanceof Fact.NotificationRequested notify) {
            what = "notify " + notify.recipient();
        } else if (event.fact() instanceof Fact.VariableChanged set) {
            what = "set " + set.name();
        } else if (event.fact() instanceof Fact.ExternalFact external
                && external.values().containsKey("state")) {
            what = "alarm " + external.values().get("alarm") + " "
                    + external.values().get("state");
        } else if (event.fact() instanceof Fact.ExternalFact external
                && external.values().containsKey("value")) {
            what = "upload " + external.values().get("name") + " "
                    + external.values().get("value");
        }
        return what.isEmpty() ? "" : text(rule) + " because of " + event.cause().parent() + ": " + what;
    }

    private static String text(RuleRef rule) {
        return rule.name() + ":" + rule.line();
    }

    private static String text(Request request) {
        if (request instanceof Request.SetPoint set) {
            return set.point() + " = " + set.value() + " at " + set.slot();
        }
        return request.toString();
    }
}
