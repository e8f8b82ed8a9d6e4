package org.fieldhouse.rules.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.check.Type;
import org.fieldhouse.rules.syntax.ast.Assignment;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/** Makes a program of checked declarations. One per program; not thread-safe. */
public final class Lowering {
    private final CheckedProgram checked;
    private final ExprLowering exprs;
    private final EdgeLowering edges;
    private final Map<String, Code> codes = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Takes in all declarations of a program. */
    public Lowering(CheckedProgram checked) {
        this.checked = checked;
        exprs = new ExprLowering(checked);
        edges = new EdgeLowering(exprs);
        for (CheckedDecl each : checked.declarations()) {
            String id = each.id();
            exprs.enter(each.identity());
            try {
                Code code = code(each, id);
                if (code != null) {
                    codes.put(id, code);
                }
            } catch (Unsupported e) {
                Span span = e.node().span();
                problems.add(Problem.error(
                        "E900",
                        new SourceSpan(each.file(), span.line(), span.column(), span.end() - span.start()),
                        String.valueOf(e.getMessage())));
            }
        }
    }

    /** What passed the check and cannot be run; empty unless something is missing here. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /**
     * Everything taken in so far, the conditions made for others included. The declarations are sorted by kind and name: where
     * they stand in the files changes nothing, not even which of two rules acts first at one moment.
     */
    public Program program() {
        List<Code> sorted = new ArrayList<>(codes.values());
        sorted.sort(Comparator.comparing(code -> code.head().id()));
        return new Program(exprs.cells().sources(), exprs.held(), sorted, checked.daysOff());
    }

    // ---- for tests and explanations: further expressions over the same cells
    // ------------------------------------------

    /** Begins a declaration that does not run itself. */
    public void enter(String id) {
        exprs.enter(id);
    }

    /** A condition and the indices of the cells that it reads. */
    public record Looked(Cond condition, int[] cells) {}

    public Looked condition(Expr expression) {
        var made = exprs.reading(() -> exprs.cond(expression));
        return new Looked(made.node(), made.deps().cells());
    }

    /** Triggers of a declaration that does not run itself. */
    public List<Trigger> triggers(List<Edge> all) {
        return edges.edges(all);
    }

    public Val value(Expr expression) {
        return exprs.val(expression);
    }

    public Num seconds(Expr expression) {
        return exprs.seconds(expression);
    }

    /** What can be written, or in a test be reported, under that name; a device alone is its main point. */
    public List<Target> targets(Ref ref) {
        Resolution resolution = exprs.resolve(ref);
        if (resolution instanceof Resolution.OfDevice device) {
            String main = String.valueOf(device.device().description().mainPoint());
            return device.device().description().point(main).stream()
                    .<Target>map(spec -> {
                        PointId id = new PointId(device.device().id(), spec.name());
                        Unit unit = spec.value().unit();
                        return new Target.Point(exprs.cells().of(new Source.OfPoint(id, unit)), id);
                    })
                    .toList();
        }
        return new BodyLowering(exprs).targets(ref);
    }

    public Optional<Resolution> resolution(Ref ref) {
        return checked.resolution(ref);
    }

    public CheckedProgram checked() {
        return checked;
    }

    // ---- declarations
    // --------------------------------------------------------------------------------------------------

    private @Nullable Code code(CheckedDecl declared, String id) {
        Decl decl = declared.decl();
        Code.Head head = new Code.Head(
                id,
                declared.identity(),
                decl.kind(),
                decl.key(),
                declared.file(),
                decl.span().line());
        if (decl instanceof Decl.Rule rule) {
            return rule(head, rule);
        } else if (decl instanceof Decl.Sequence sequence) {
            return sequence(head, sequence);
        } else if (decl instanceof Decl.Control control) {
            return control(head, control);
        } else if (decl instanceof Decl.Keep keep) {
            return keep(head, keep);
        } else if (decl instanceof Decl.Scene scene) {
            return new Code.Scene(head, assignments(scene.assignments()));
        } else if (decl instanceof Decl.Variable variable) {
            return new Code.Variable(head, exprs.cells().of(exprs.variable(variable, spec(variable))));
        } else if (decl instanceof Decl.Counter counter) {
            return new DutyLowering(exprs, edges).counter(head, counter);
        } else if (decl instanceof Decl.Alarm alarm) {
            return new DutyLowering(exprs, edges).alarm(head, alarm);
        } else if (decl instanceof Decl.Link link) {
            return new DutyLowering(exprs, edges).link(head, link, slot(null));
        } else if (decl instanceof Decl.Upload upload) {
            return new DutyLowering(exprs, edges).upload(head, upload);
        } else if (decl instanceof Decl.Group
                || decl instanceof Decl.Test
                || decl instanceof Decl.Expect
                || decl instanceof Decl.Broken) {
            return null; // only others use them
        }
        throw new Unsupported(decl, "a " + decl.kind() + " cannot be run yet");
    }

    private Code rule(Code.Head head, Decl.Rule rule) {
        List<Trigger> triggers = edges.edges(rule.triggers());
        Expr condition = rule.condition();
        Cond test = condition == null ? null : exprs.cond(condition);
        BodyLowering body = new BodyLowering(exprs);
        body.block(rule.body());
        return new Code.Body(
                head,
                triggers,
                test,
                mode(rule.mode()),
                limit(rule.mode()),
                outage(rule.outage()),
                slot(rule.priority()),
                body.ops(),
                exprs.slotCount(),
                -1,
                List.of(),
                List.of());
    }

    private Code sequence(Code.Head head, Decl.Sequence sequence) {
        List<Trigger> triggers = edges.edges(sequence.triggers());
        List<Code.Requirement> require = new ArrayList<>();
        int number = 0;
        for (Expr each : sequence.require()) {
            number++;
            require.add(new Code.Requirement(
                    exprs.cond(each), "requirement " + number, each.span().line()));
        }
        BodyLowering body = new BodyLowering(exprs);
        List<Code.Mark> marks = new ArrayList<>();
        for (Decl.Step step : sequence.steps()) {
            marks.add(new Code.Mark(body.pc(), step.name().text()));
            body.block(step.body());
        }
        int failPc = -1;
        if (!sequence.onFail().isEmpty()) {
            body.stop(sequence.span().line());
            failPc = body.pc();
            marks.add(new Code.Mark(failPc, "on fail"));
            body.block(sequence.onFail());
        }
        return new Code.Body(
                head,
                triggers,
                null,
                mode(sequence.mode()),
                limit(sequence.mode()),
                outage(sequence.outage()),
                slot(sequence.priority()),
                body.ops(),
                exprs.slotCount(),
                failPc,
                marks,
                require);
    }

    private Code control(Code.Head head, Decl.Control control) {
        var made = exprs.reading(() -> {
            List<Code.Branch> branches = new ArrayList<>();
            for (Decl.ControlBranch each : control.branches()) {
                branches.add(branch(control.target(), each.value(), each.condition()));
            }
            Decl.ControlFail fail = control.fail();
            return new Object[] {
                branches, fail == null ? null : branch(control.target(), fail.value(), fail.condition())
            };
        });
        Expr hold = control.holdAtLeast();
        @SuppressWarnings("unchecked")
        List<Code.Branch> branches = (List<Code.Branch>) made.node()[0];
        return new Code.Level(
                head,
                slot(control.priority()),
                branches,
                null,
                false,
                hold == null ? null : exprs.seconds(hold),
                (Code.Branch) made.node()[1],
                made.deps());
    }

    private Code.Branch branch(Ref target, Expr value, @Nullable Expr condition) {
        List<Op.Put> puts = new BodyLowering(exprs).puts(target, exprs.val(value));
        Cond when = condition == null ? null : exprs.cond(condition);
        return new Code.Branch(puts, when, value.span().line());
    }

    private Code keep(Code.Head head, Decl.Keep keep) {
        var made = exprs.reading(() -> List.of(
                new Code.Branch(assignments(keep.keep()), exprs.cond(keep.condition()), head.line()),
                new Code.Branch(assignments(keep.otherwise()), null, head.line())));
        boolean releases = keep.otherwise().isEmpty();
        return new Code.Level(
                head,
                slot(keep.priority()),
                List.of(made.node().get(0)),
                releases ? null : made.node().get(1).puts(),
                releases,
                null,
                null,
                made.deps());
    }

    private List<Op.Put> assignments(List<Assignment> assignments) {
        BodyLowering body = new BodyLowering(exprs);
        List<Op.Put> puts = new ArrayList<>();
        assignments.forEach(each -> puts.addAll(body.puts(each.target(), exprs.val(each.value()))));
        return puts;
    }

    /** What a variable can be: the words it lists, or what its first value is. */
    private ValueSpec spec(Decl.Variable variable) {
        if (!variable.choices().isEmpty()) {
            return ValueSpec.choice(variable.choices().stream().map(Name::text).toList());
        }
        Value initial = checked.constant(variable.initial())
                .orElseThrow(() -> new Unsupported(variable, "it has no first value"));
        if (initial instanceof Quantity q) {
            return ValueSpec.quantity(q.unit());
        } else if (initial instanceof Choice choice) {
            return ValueSpec.choice(List.of(choice.option()));
        }
        return switch (initial.kind()) {
            case BOOL ->
                checked.type(variable.initial()) instanceof Type.BoolType words
                        ? ValueSpec.bool(words.off(), words.on())
                        : ValueSpec.ON_OFF;
            case MOMENT -> ValueSpec.MOMENT;
            case COLOUR -> ValueSpec.COLOUR;
            case TEXT, QUANTITY, CHOICE -> ValueSpec.TEXT;
        };
    }

    private static Decl.ModeKind mode(Decl.@Nullable Mode mode) {
        return mode == null ? Decl.ModeKind.SINGLE : mode.kind();
    }

    private static int limit(Decl.@Nullable Mode mode) {
        return mode == null ? 1 : mode.limit();
    }

    private static Decl.Outage outage(Decl.@Nullable Outage outage) {
        return outage == null ? Decl.Outage.RESUME : outage;
    }

    /** The slot of a class of writers; rules that say nothing are comfort. */
    static int slot(@Nullable Name priority) {
        if (priority == null) {
            return PriorityClass.COMFORT.slot();
        }
        return PriorityClass.valueOf(priority.text().toUpperCase(Locale.ROOT)).slot();
    }
}
