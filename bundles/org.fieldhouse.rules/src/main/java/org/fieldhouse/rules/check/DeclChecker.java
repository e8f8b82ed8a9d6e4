package org.fieldhouse.rules.check;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Assignment;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.fieldhouse.rules.syntax.ast.TestStep;
import org.jspecify.annotations.Nullable;

/** Checks one declaration after the other; all names are known by then. */
final class DeclChecker {
    /** The classes of commands, strongest first. */
    static final List<String> CLASSES = List.of("safety", "manual", "comfort", "economy");

    private final Resolver names;
    private final Facts facts;
    private final Findings findings;
    private final ExprChecker exprs;
    private final Edges edges;
    private final Targets targets;
    private final DeadBands bands;

    DeclChecker(Scope scope, Facts facts, Findings findings) {
        this.names = new Resolver(scope, facts, findings);
        this.facts = facts;
        this.findings = findings;
        this.exprs = new ExprChecker(names, facts, findings);
        this.edges = new Edges(names, exprs, facts, findings);
        this.targets = new Targets(names, exprs, facts, findings);
        this.bands = new DeadBands(facts, findings);
    }

    void check(Decl decl) {
        exprs.triggeredBy(List.of());
        if (decl instanceof Decl.Rule rule) {
            rule(rule);
        } else if (decl instanceof Decl.Control control) {
            control(control);
        } else if (decl instanceof Decl.Keep keep) {
            exprs.condition(keep.condition());
            priority(keep.priority());
            assignments(keep.keep());
            assignments(keep.otherwise());
        } else if (decl instanceof Decl.Sequence sequence) {
            sequence(sequence);
        } else if (decl instanceof Decl.Alarm alarm) {
            alarm(alarm);
        } else if (decl instanceof Decl.Link link) {
            link(link);
        } else if (decl instanceof Decl.Scene scene) {
            assignments(scene.assignments());
        } else if (decl instanceof Decl.Group group) {
            group(group);
        } else if (decl instanceof Decl.Variable variable) {
            variable(variable);
        } else if (decl instanceof Decl.Counter counter) {
            counter(counter);
        } else if (decl instanceof Decl.Upload upload) {
            upload(upload);
        } else if (decl instanceof Decl.Test test) {
            test(test);
        }
    }

    private void rule(Decl.Rule rule) {
        if (rule.triggers().isEmpty()) {
            findings.add(Code.E001, rule.name().span(), "this rule never runs", "say when: when Hall.Motion turns on");
        }
        edges.triggers(rule.triggers());
        if (rule.condition() != null) {
            exprs.condition(rule.condition());
        }
        priority(rule.priority());
        bodies(false).block(rule.body());
        if (rule.mode() == null && rule.body().stream().anyMatch(DeclChecker::waits)) {
            findings.add(
                    Code.E301,
                    rule.name().span(),
                    "this rule waits, but does not say what happens when it is triggered again meanwhile",
                    "add mode restart, single, queue 5 or parallel 5");
        }
    }

    private Bodies bodies(boolean inSequence) {
        return new Bodies(names, exprs, targets, facts, findings, inSequence);
    }

    private static boolean waits(Stmt s) {
        if (s instanceof Stmt.Repeat repeat) {
            return repeat.body().stream().anyMatch(DeclChecker::waits);
        }
        if (s instanceof Stmt.If branches) {
            return branches.otherwise().stream().anyMatch(DeclChecker::waits)
                    || branches.branches().stream()
                            .anyMatch(b -> b.body().stream().anyMatch(DeclChecker::waits));
        }
        return s instanceof Stmt.Wait || s instanceof Stmt.WaitUntil || s instanceof Stmt.LetCall;
    }

    private void priority(@Nullable Name name) {
        if (name == null) {
            return;
        }
        List<String> known = CLASSES;
        if (!known.contains(name.text())) {
            String help = Suggestions.didYouMean(name.text(), known);
            findings.add(
                    Code.E104,
                    name.span(),
                    "unknown class " + name.text(),
                    help.isEmpty() ? "it is one of " + String.join(", ", known) : help);
        }
    }

    private void assignments(List<Assignment> assignments) {
        assignments.forEach(each -> targets.assign(each.target(), each.value(), List.of()));
    }

    private void control(Decl.Control control) {
        List<Resolution> all = targets.writable(control.target());
        ValueSpec spec = all.isEmpty() ? null : ExprChecker.specOf(all.get(0));
        String what = control.target().toString();
        priority(control.priority());
        for (Decl.ControlBranch branch : control.branches()) {
            stateValue(branch.value(), spec, what);
            exprs.condition(branch.condition());
        }
        if (control.holdAtLeast() != null) {
            exprs.duration(control.holdAtLeast());
        }
        Decl.ControlFail fail = control.fail();
        if (fail == null) {
            findings.add(
                    Code.W503,
                    control.target().span(),
                    "nothing is said for the case that " + what + " cannot be decided",
                    "add fail off");
        } else {
            stateValue(fail.value(), spec, what);
            if (fail.condition() != null) {
                exprs.condition(fail.condition());
            }
        }
        bands(control);
    }

    private void stateValue(Expr value, @Nullable ValueSpec spec, String what) {
        if (spec == null) {
            exprs.check(value, Type.UNKNOWN);
        } else {
            exprs.value(value, spec, what);
        }
    }

    private void bands(Decl.Control control) {
        List<Decl.ControlBranch> branches = control.branches();
        if (branches.size() < 2) {
            findings.add(
                    Code.E402,
                    control.target().span(),
                    "this control knows " + (branches.isEmpty() ? "no state" : "one state only"),
                    "say when it goes on and when it goes off");
        }
        for (int i = 0; i < branches.size(); i++) {
            for (int j = i + 1; j < branches.size(); j++) {
                bands.check(
                        branches.get(i).condition(),
                        branches.get(j).condition(),
                        label(branches.get(i)),
                        label(branches.get(j)));
            }
        }
    }

    private static String label(Decl.ControlBranch branch) {
        return branch.value() instanceof Expr.Word word
                ? word.text()
                : "line " + branch.span().line();
    }

    private void sequence(Decl.Sequence sequence) {
        if (sequence.triggers().isEmpty()) {
            findings.add(
                    Code.E001,
                    sequence.name().span(),
                    "this sequence never runs",
                    "say when: when Panel1.Start pressed");
        }
        edges.triggers(sequence.triggers());
        sequence.require().forEach(exprs::condition);
        priority(sequence.priority());
        if (sequence.steps().isEmpty()) {
            findings.add(Code.E001, sequence.name().span(), "this sequence has no step", "add step \"…\"");
        }
        int before = names.enter();
        for (Decl.Step step : sequence.steps()) {
            bodies(true).block(step.body());
        }
        bodies(true).block(sequence.onFail());
        names.leave(before);
    }

    private void alarm(Decl.Alarm alarm) {
        for (Expr condition : new Expr[] {alarm.when(), alarm.clear(), alarm.suppress()}) {
            if (condition != null) {
                exprs.condition(condition);
            }
        }
        if (alarm.when() != null && alarm.clear() != null) {
            bands.check(alarm.when(), alarm.clear(), "when", "clear");
        }
        if (alarm.message() != null) {
            exprs.check(alarm.message(), Type.TEXT);
        }
        for (Decl.Escalation each : alarm.escalations()) {
            exprs.duration(each.after());
            if (each.unlessAcked() && !alarm.requiresAck()) {
                findings.add(
                        Code.W505,
                        each.span(),
                        each.to().text() + " is never told: without 'requires ack' the alarm counts as acknowledged",
                        "add requires ack, or leave out unless acked");
            }
        }
        if (alarm.shelveAtMost() != null) {
            exprs.duration(alarm.shelveAtMost());
        }
    }

    private void link(Decl.Link link) {
        DeviceInfo from = exprs.device(link.from());
        DeviceInfo to = exprs.device(link.to());
        if (from == null || to == null) {
            return;
        }
        if (from.id().equals(to.id())) {
            findings.add(
                    Code.E501,
                    link.to().span(),
                    "this link copies " + to.name() + " to itself",
                    "write the device that is to follow behind ->");
        }
        if (link.copy().isEmpty()) {
            findings.add(Code.E001, link.from().span(), "this link copies nothing", "add copy onoff");
        }
        for (Name name : link.copy()) {
            Optional<PointSpec> source = from.description().point(name.text());
            Optional<PointSpec> target = to.description().point(name.text());
            if (source.isEmpty() && target.isPresent() && link.runAt() == Decl.RunAt.DEVICE) {
                continue; // a remote control says nothing to the gateway, and yet its radio can command
            }
            if (source.isEmpty() || target.isEmpty()) {
                DeviceInfo lacking = source.isEmpty() ? from : to;
                List<String> known = lacking.description().points().stream()
                        .map(PointSpec::name)
                        .toList();
                String help = Suggestions.didYouMean(name.text(), known);
                findings.add(
                        Code.E102,
                        name.span(),
                        lacking.name() + " has no point " + name.text(),
                        help.isEmpty() ? "it has " + String.join(", ", known) : help);
            } else if (!target.get().access().writable()) {
                findings.add(Code.E103, name.span(), to.name() + "." + name.text() + " can only be read", "");
            } else if (!Types.compatible(
                    Types.of(source.get().value()), Types.of(target.get().value()))) {
                findings.add(
                        Code.E203,
                        name.span(),
                        to.name() + " takes " + target.get().value().describe() + ", but " + from.name() + " gives "
                                + source.get().value().describe(),
                        "");
            }
        }
    }

    private void group(Decl.Group group) {
        for (Ref member : group.members()) {
            if (names.scope().find("group", member.path().text()) != null) {
                names.group(member);
            } else {
                exprs.device(member);
            }
        }
        if (group.selector() == null) {
            names.group(new Ref(group.name(), null, group.name().span()));
        }
    }

    private void variable(Decl.Variable variable) {
        ValueSpec spec = names.scope().spec(variable);
        if (spec == null) {
            findings.addReported(); // when its type was worked out
        } else {
            exprs.value(variable.initial(), spec, variable.key());
        }
    }

    private void counter(Decl.Counter counter) {
        if (names.scope().spec(counter) == null) {
            findings.addReported(); // when its type was worked out
        }
        if (counter.measure() instanceof Decl.TimeWhile m) {
            exprs.condition(m.condition());
        } else if (counter.measure() instanceof Decl.Integrates m) {
            integral(m);
        } else if (counter.measure() instanceof Decl.Counts m) {
            edges.check(m.edge());
        }
        Decl.Reset reset = counter.reset();
        if (reset != null && reset.when() != null) {
            edges.check(reset.when());
        }
        if (reset != null && reset.at() != null) {
            Type type = exprs.check(reset.at(), Type.TIME_OF_DAY);
            if (!(type instanceof Type.TimeOfDayType) && !Types.isUnknown(type)) {
                findings.add(
                        Code.E203,
                        reset.at().span(),
                        "this is " + Types.describe(type) + ", not a time of day",
                        "write 00:00");
            }
        }
    }

    private void integral(Decl.Integrates m) {
        Type type = exprs.check(m.value(), null);
        Optional<Unit> unit = Units.find(m.unit().text());
        if (unit.isEmpty()) {
            return;
        }
        boolean fits = type instanceof Type.QuantityType q
                && !q.unit().isAbsolute()
                && q.unit()
                        .dimension()
                        .times(Units.SECOND.dimension())
                        .equals(unit.get().dimension());
        if (!fits && !Types.isUnknown(type)) {
            findings.add(
                    Code.E201,
                    m.span(),
                    Types.describe(type) + " over time does not give "
                            + unit.get().describe(),
                    "W over time gives kWh, m³/h gives m³");
        }
    }

    private void upload(Decl.Upload upload) {
        for (Ref point : upload.points()) {
            Resolution found = names.value(point);
            ValueSpec spec = ExprChecker.specOf(found);
            if (spec != null && upload.by() != null) {
                Type type = Types.of(spec);
                boolean share = upload.by() instanceof Expr.Quantity by
                        && by.unit().text().equals("%");
                if (share && type instanceof Type.QuantityType) {
                    exprs.check(upload.by(), null); // a share of the value last sent
                } else {
                    edges.changesBy(type, upload.by());
                }
            }
        }
        if (!upload.changed() && upload.every() == null) {
            findings.add(
                    Code.E001,
                    upload.name().span(),
                    "this upload never sends",
                    "say when: when changed or every 15 min");
        }
        for (Expr time : new Expr[] {upload.every(), upload.buffer()}) {
            if (time != null) {
                exprs.fixedDuration(time);
            }
        }
    }

    private void test(Decl.Test test) {
        for (TestStep given : test.given()) {
            testStep(given);
            if (given instanceof TestStep.Report report && !isPlain(report.value())) {
                findings.add(
                        Code.E203,
                        report.value().span(),
                        "what is given is there before anything can be read",
                        "write a plain value");
            }
        }
        for (Decl.TimedStep step : test.steps()) {
            exprs.fixedDuration(step.at());
            testStep(step.step());
        }
    }

    private void testStep(TestStep step) {
        if (step instanceof TestStep.Report report) {
            report(report);
        } else if (step instanceof TestStep.Quality quality) {
            if (names.scope().value(quality.target().path().text()) instanceof Decl.Group) {
                names.value(quality.target());
            } else {
                exprs.device(quality.target());
            }
        } else if (step instanceof TestStep.Happens event) {
            edges.event(event.device(), event.event(), event.with());
        } else if (step instanceof TestStep.Restart restart && restart.downFor() != null) {
            exprs.fixedDuration(restart.downFor());
        } else if (step instanceof TestStep.ExpectThat expect) {
            exprs.condition(expect.condition());
        } else if (step instanceof TestStep.ExpectNotified expect && expect.text() != null) {
            exprs.check(expect.text(), Type.TEXT);
        } else if (step instanceof TestStep.AlarmAct act) {
            names.declaration("alarm", act.alarm());
            if (act.duration() != null) {
                exprs.fixedDuration(act.duration());
                lasts(act, act.duration());
            }
        } else if (step instanceof TestStep.Answer answer) {
            answer(answer);
        } else if (step instanceof TestStep.ExpectCalled called) {
            function(called.function());
        }
    }

    private static boolean isPlain(Expr value) {
        return ExprChecker.isLiteral(value)
                || value instanceof Expr.TimeLit
                || value instanceof Expr.DateLit
                || value instanceof Expr.Invalid;
    }

    private void lasts(TestStep.AlarmAct act, Expr duration) {
        if (act.act() != AlarmAct.SHELVE) {
            findings.add(
                    Code.E105,
                    duration.span(),
                    act.act().name().toLowerCase(Locale.ROOT) + " takes no time",
                    "only shelve ends by itself; leave out for");
        }
    }

    /** A point, a variable, or each member of a group is given a value. */
    private void report(TestStep.Report report) {
        Resolution found = names.value(report.target());
        List<Resolution> all = found instanceof Resolution.OfGroup group
                ? group.members()
                : found == null ? List.of() : List.of(found);
        if (all.isEmpty()) {
            exprs.check(report.value(), Type.UNKNOWN);
        }
        for (Resolution each : all) {
            ValueSpec spec = ExprChecker.specOf(each);
            if (each instanceof Resolution.OfCounter) {
                findings.add(
                        Code.E103,
                        report.target().span(),
                        "a test cannot set the counter " + report.target(),
                        "let happen what it counts");
            }
            if (spec != null) {
                exprs.value(report.value(), spec, report.target().toString());
            }
        }
    }

    private @Nullable FunctionSpec function(Name name) {
        FunctionSpec spec = names.scope().model().function(name.text()).orElse(null);
        if (spec == null) {
            findings.add(
                    Code.E104,
                    name.span(),
                    "unknown function " + name.text(),
                    Suggestions.didYouMean(name.text(), names.scope().functionNames()));
        }
        return spec;
    }

    private void answer(TestStep.Answer answer) {
        FunctionSpec spec = function(answer.function());
        ValueSpec result = spec == null ? null : spec.result();
        if (answer.value() == null) {
            return;
        }
        if (result == null) {
            exprs.check(answer.value(), Type.UNKNOWN);
            if (spec != null) {
                findings.add(Code.E106, answer.value().span(), spec.name() + " gives no result", "");
            }
        } else {
            exprs.value(answer.value(), result, answer.function().text());
        }
    }
}
