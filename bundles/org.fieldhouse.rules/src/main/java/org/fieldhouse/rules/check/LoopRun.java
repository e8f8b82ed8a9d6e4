package org.fieldhouse.rules.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Assignment;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/**
 * One try: a trigger fires, and whatever follows is run on values, with nothing from outside but the passing of time. A loop is
 * proved when the same declaration is triggered again in the same state, or does not come to rest after {@value #MOST} rounds.
 * What depends on the world (the sun, a sensor) is chosen once and stays so; several choices are tried. A round that takes its time, by
 * {@code for} or {@code wait}, is a rhythm and no loop: a pump that runs for ten minutes of each hour.
 */
final class LoopRun {
    private static final int MOST = 60;
    private static final int CHOICES = 32;
    private static final int DEPTH = 12;
    /** A round that takes at least so long is meant. */
    private static final double RHYTHM_SECONDS = 60;

    /** What all tries share. */
    record World(
            Facts facts, Regions regions, Guards reads, Map<String, List<Loops.Part>> listeners, Set<String> written) {}

    /**
     * A loop that turns.
     *
     * @param places where each member is triggered
     */
    record Loop(Loops.Part first, Map<Write.Placed, Span> places, List<String> story) {
        Set<Write.Placed> writers() {
            return places.keySet();
        }

        List<Decl> members() {
            return places.keySet().stream().map(each -> each.declared().decl()).toList();
        }

        Span place(Write.Placed placed) {
            Span place = places.get(placed);
            return place == null ? Span.NONE : place;
        }
    }

    /** This try leads nowhere: it needs something from outside, or what cannot be worked out. */
    private static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GivenUp() {
            super("", null, false, false);
        }
    }

    /** The loop is closed. */
    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("", null, false, false);
        }
    }

    private record Change(String key, String shown, @Nullable Value before, Value after) {}

    /** A firing. */
    private record Fired(Loops.Part part, Span place, String state, int line, double seconds) {}

    private final World world;
    private final LoopValues values;
    private final List<Boolean> choices;
    private int chosen;
    private Region assumed = Region.ALL;
    private final Deque<Change> changes = new ArrayDeque<>();
    private final Map<Loops.Part, Integer> running = new HashMap<>();
    private final List<Fired> fired = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private @Nullable Loop loop;
    private int depth;
    /** What has passed so far by the durations that are written in the rules. */
    private double seconds;

    private LoopRun(World world, List<Boolean> choices) {
        this.world = world;
        this.choices = choices;
        this.values = new LoopValues(world.facts());
    }

    /** Tries all choices for one trigger of a declaration; null if none turns for ever. */
    static @Nullable Loop find(World world, Loops.Part part, int trigger) {
        List<Boolean> choices = new ArrayList<>();
        for (int i = 0; i < CHOICES; i++) {
            LoopRun run = new LoopRun(world, choices);
            run.run(part, trigger);
            if (run.loop != null) {
                return run.loop;
            }
            while (!choices.isEmpty() && !choices.get(choices.size() - 1)) {
                choices.remove(choices.size() - 1);
            }
            if (choices.isEmpty()) {
                return null;
            }
            choices.set(choices.size() - 1, false);
        }
        return null;
    }

    private boolean choose() {
        if (chosen == choices.size()) {
            choices.add(true);
        }
        return choices.get(chosen++);
    }

    private void run(Loops.Part part, int trigger) {
        try {
            List<Edge> triggers = Conflicts.triggers(part.decl());
            if (triggers.isEmpty()) {
                level(part);
            } else {
                begin(triggers.get(trigger));
                fire(part, triggers.get(trigger));
            }
            drain();
        } catch (GivenUp | Closed e) {
            // the answer is in the field loop
        }
    }

    /** Brings about the situation in which the trigger fires. */
    private void begin(Edge edge) {
        if (edge instanceof Edge.Becomes e && e.subject() instanceof Edge.One one && e.op() == Expr.CompareOp.EQ) {
            Value value = values.value(e.value());
            if (value != null) {
                values.put(key(one.ref()), value);
            }
        } else if (edge instanceof Edge.BecomesTrue e) {
            truth(e.condition());
        }
    }

    // ---- what a change sets off

    private void drain() {
        if (++depth > DEPTH) {
            throw new GivenUp();
        }
        while (!changes.isEmpty()) {
            Change change = changes.removeFirst();
            for (Loops.Part part : world.listeners().getOrDefault(change.key(), List.of())) {
                List<Edge> triggers = Conflicts.triggers(part.decl());
                if (triggers.isEmpty()) {
                    level(part, change);
                }
                for (Edge edge : triggers) {
                    if (fires(edge, change)) {
                        fire(part, edge);
                        break;
                    }
                }
            }
        }
        depth--;
    }

    private boolean fires(Edge edge, Change c) {
        if (edge instanceof Edge.Becomes e && is(e.subject(), c)) {
            Value wanted = values.value(e.value());
            return wanted != null
                    && LoopValues.compare(c.after(), e.op(), wanted)
                    && (c.before() == null || !LoopValues.compare(c.before(), e.op(), wanted));
        } else if (edge instanceof Edge.Presence e && is(e.subject(), c)) {
            return c.after() instanceof Bool now && now.on() == e.arrives();
        } else if (edge instanceof Edge.Changes e && is(e.subject(), c)) {
            return changes(e, c);
        } else if (edge instanceof Edge.Reaches e && is(e.subject(), c)) {
            Value at = values.value(e.value());
            return at != null
                    && c.before() != null
                    && LoopValues.compare(c.after(), Expr.CompareOp.GE, at)
                            != LoopValues.compare(c.before(), Expr.CompareOp.GE, at);
        } else if (edge instanceof Edge.BecomesTrue e
                && world.reads().reads(e.condition()).containsKey(c.key())) {
            return truth(e.condition()) && !wasTrue(e.condition(), c);
        }
        return false;
    }

    private boolean changes(Edge.Changes e, Change c) {
        if (e.from() != null && !c.after().equals(c.before()) && c.before() != null) {
            if (!c.before().equals(values.value(e.from()))) {
                return false;
            }
        }
        if (e.to() != null && !c.after().equals(values.value(e.to()))) {
            return false;
        }
        if (e.by() != null && c.before() instanceof Quantity a && c.after() instanceof Quantity b) {
            Value by = values.value(e.by());
            return by instanceof Quantity q
                    && Math.abs(a.number() - b.in(a.unit()).number()) * a.unit().factor()
                            >= q.number() * q.unit().factor();
        }
        return true;
    }

    private boolean wasTrue(Expr condition, Change c) {
        if (c.before() == null) {
            return false;
        }
        values.put(c.key(), c.before());
        boolean before = truth(condition);
        values.put(c.key(), c.after());
        return before;
    }

    private boolean is(Edge.Subject subject, Change c) {
        return subject instanceof Edge.One one
                ? key(one.ref()).equals(c.key())
                : world.reads().reads(subject).containsKey(c.key());
    }

    private void fire(Loops.Part part, Edge edge) {
        Decl decl = part.decl();
        Decl.Mode mode =
                decl instanceof Decl.Rule rule ? rule.mode() : decl instanceof Decl.Sequence s ? s.mode() : null;
        boolean ignored = mode == null || mode.kind() == Decl.ModeKind.SINGLE;
        if (running.containsKey(part) && ignored) {
            return;
        }
        if (running.containsKey(part)) {
            throw new GivenUp(); // it interrupts itself while it waits: seldom, and hard to tell
        }
        if (decl instanceof Decl.Rule rule && rule.condition() != null && !truth(rule.condition())) {
            return;
        }
        if (decl instanceof Decl.Sequence s && !s.require().stream().allMatch(this::truth)) {
            return;
        }
        seconds += held(edge);
        remember(part, edge.span());
        running.put(part, 1);
        try {
            if (decl instanceof Decl.Rule rule) {
                block(part, rule.body());
            } else if (decl instanceof Decl.Sequence sequence) {
                sequence.steps().forEach(step -> block(part, step.body()));
            }
        } catch (Ended e) {
            // stop or fail: the run is over
        } finally {
            running.remove(part);
        }
    }

    /** A run came to its end early. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("", null, false, false);
        }
    }

    private void remember(Loops.Part part, Span place) {
        String state = values.signature(world.written()) + changes;
        for (int i = 0; i < fired.size(); i++) {
            if (fired.get(i).part() == part && fired.get(i).state().equals(state)) {
                close(i);
            }
        }
        if (fired.size() >= MOST) {
            for (int i = 0; i < fired.size(); i++) {
                if (fired.get(i).part() == part) {
                    close(i);
                }
            }
        }
        fired.add(new Fired(part, place, state, story.size(), seconds));
    }

    /** How long at least the edge has to hold before it fires, s. */
    private double held(Edge edge) {
        if (edge instanceof Edge.Becomes e) {
            return seconds(e.heldFor());
        } else if (edge instanceof Edge.Presence e) {
            return seconds(e.heldFor());
        }
        return edge instanceof Edge.BecomesTrue e ? held(e.condition()) : 0;
    }

    private double held(Expr condition) {
        if (condition instanceof Expr.HeldFor held) {
            return seconds(held.duration());
        } else if (condition instanceof Expr.And and) {
            return and.operands().stream().mapToDouble(this::held).max().orElse(0);
        }
        return 0;
    }

    private double seconds(@Nullable Expr duration) {
        return duration != null
                        && values.value(duration) instanceof Quantity q
                        && q.unit().convertsTo(Units.SECOND)
                ? Math.max(0, q.in(Units.SECOND).number())
                : 0;
    }

    private void close(int from) {
        int firings = Math.max(1, (int) fired.subList(from, fired.size()).stream()
                .filter(each -> each.part() == fired.get(from).part())
                .count());
        if (seconds - fired.get(from).seconds() >= RHYTHM_SECONDS * firings) {
            throw new GivenUp();
        }
        Map<Write.Placed, Span> places = new LinkedHashMap<>();
        for (Fired each : fired.subList(from, fired.size())) {
            places.putIfAbsent(each.part().placed(), each.place());
        }
        List<String> told = new ArrayList<>();
        String given = world.regions().example(assumed);
        List<String> round = new ArrayList<>(
                new LinkedHashSet<>(story.subList(fired.get(from).line(), story.size())));
        if (!given.isEmpty()) {
            told.add(given);
        }
        told.addAll(round.size() > 6 ? round.subList(0, 3) : round);
        told.add("and so on, without end");
        loop = new Loop(fired.get(from).part(), places, told);
        throw new Closed();
    }

    // ---- levels and links

    private void level(Loops.Part part, Change change) {
        if (part.decl() instanceof Decl.Link link
                && world.facts().resolution(link.from()) instanceof Resolution.OfDevice from
                && world.facts().resolution(link.to()) instanceof Resolution.OfDevice to) {
            for (Name name : link.copy()) {
                if (change.key().equals("‹" + from.device().name() + "." + name.text() + "›")) {
                    remember(part, link.from().span());
                    String shown = to.device().name() + "." + name.text();
                    write(part, "‹" + shown + "›", shown, change.after(), link.span());
                }
            }
        } else {
            level(part);
        }
    }

    private void level(Loops.Part part) {
        if (part.decl() instanceof Decl.Control control) {
            for (Decl.ControlBranch branch : control.branches()) {
                if (truth(branch.condition())) {
                    Value value = values.value(branch.value());
                    if (value != null && !value.equals(values.get(key(control.target())))) {
                        remember(part, branch.span());
                        write(part, key(control.target()), control.target().toString(), value, branch.span());
                    }
                    return;
                }
            }
        } else if (part.decl() instanceof Decl.Keep keep) {
            List<Assignment> wanted = truth(keep.condition()) ? keep.keep() : keep.otherwise();
            for (Assignment each : wanted) {
                Value value = values.value(each.value());
                if (value != null && !value.equals(values.get(key(each.target())))) {
                    remember(part, each.span());
                    write(part, key(each.target()), each.target().toString(), value, each.span());
                }
            }
        }
    }

    // ---- bodies

    private void block(Loops.Part part, List<Stmt> body) {
        body.forEach(each -> statement(part, each));
    }

    private void statement(Loops.Part part, Stmt s) {
        if (s instanceof Stmt.Turn turn) {
            write(part, turn.target(), world.facts().constants.get(turn.value()), turn.span());
            with(part, turn.with());
        } else if (s instanceof Stmt.Assign assign) {
            write(part, assign.target(), values.value(assign.value()), assign.span());
            with(part, assign.with());
        } else if (s instanceof Stmt.Toggle toggle) {
            toggle(part, toggle);
        } else if (s instanceof Stmt.Activate activate
                && world.facts().resolution(activate.scene()) instanceof Resolution.OfDecl found
                && found.declaration() instanceof Decl.Scene scene) {
            scene.assignments()
                    .forEach(each -> write(part, each.target(), values.value(each.value()), activate.span()));
        } else if (s instanceof Stmt.If branches) {
            branches(part, branches);
        } else if (s instanceof Stmt.Repeat repeat) {
            block(part, repeat.body());
            block(part, repeat.body());
        } else if (s instanceof Stmt.Wait wait) {
            seconds += seconds(wait.duration());
            drain();
        } else if (s instanceof Stmt.LetCall) {
            drain();
            throw new GivenUp(); // each round needs an answer from outside
        } else if (s instanceof Stmt.WaitUntil wait) {
            waitUntil(part, wait);
        } else if (s instanceof Stmt.Let let) {
            Value value = values.value(let.value());
            if (value != null) {
                values.put("‹let " + let.span().start() + "›", value);
            }
        } else if (s instanceof Stmt.Stop || s instanceof Stmt.Fail) {
            throw new Ended();
        }
    }

    private void branches(Loops.Part part, Stmt.If branches) {
        for (Stmt.Branch branch : branches.branches()) {
            if (truth(branch.condition())) {
                block(part, branch.body());
                return;
            }
        }
        block(part, branches.otherwise());
    }

    private void waitUntil(Loops.Part part, Stmt.WaitUntil wait) {
        drain();
        Set<String> keys = world.reads().reads(wait.condition()).keySet();
        boolean inside = !keys.isEmpty() && world.written().containsAll(keys);
        if (inside && truth(wait.condition())) {
            return;
        }
        if (wait.within() == null) {
            throw new GivenUp(); // each round needs somebody from outside
        }
        if (wait.otherwise() instanceof Stmt.Instead instead) {
            block(part, instead.body());
        } else if (!(wait.otherwise() instanceof Stmt.GoOn)) {
            throw new Ended();
        }
    }

    private void toggle(Loops.Part part, Stmt.Toggle toggle) {
        String key = key(toggle.target());
        Value now = values.get(key);
        boolean on = now instanceof Bool bool ? bool.on() : choose();
        values.put(key, Bool.of(on));
        write(part, toggle.target(), Bool.of(!on), toggle.span());
    }

    private void with(Loops.Part part, List<Arg> with) {
        for (Arg arg : with) {
            if (world.facts().resolution(arg) instanceof Resolution.OfPoint point) {
                String shown = point.device().name() + "." + point.spec().name();
                write(part, "‹" + shown + "›", shown, values.value(arg.value()), arg.span());
            }
        }
    }

    private void write(Loops.Part part, Ref target, @Nullable Value value, Span at) {
        Resolution found = world.facts().resolution(target);
        if (found instanceof Resolution.OfGroup group) {
            for (Resolution each : group.members()) {
                write(part, Regions.point(each, target), target.toString(), value, at);
            }
        } else {
            write(part, key(target), target.toString(), value, at);
        }
    }

    private void write(Loops.Part part, String key, String shown, @Nullable Value value, Span at) {
        if (value == null) {
            if (world.listeners().containsKey(key)) {
                throw new GivenUp();
            }
            return;
        }
        Value before = values.get(key);
        if (value.equals(before) || !values.allowed(key, value)) {
            return;
        }
        values.put(key, value);
        assumed = assumed.forget(name -> name.contains(key));
        if (world.listeners().containsKey(key)) {
            String who = part.decl().kind() + " \"" + part.decl().key() + "\" ("
                    + part.placed().findings().file().path() + ":" + at.line() + ")";
            story.add(who + " sets " + shown + " to " + value);
            changes.addLast(new Change(key, shown, before, value));
        }
    }

    // ---- conditions

    private boolean truth(Expr e) {
        if (e instanceof Expr.And and) {
            return and.operands().stream().allMatch(this::truth);
        } else if (e instanceof Expr.Or or) {
            return or.operands().stream().anyMatch(this::truth);
        } else if (e instanceof Expr.Not not) {
            return !truth(not.operand());
        } else if (e instanceof Expr.HeldFor held) {
            return truth(held.condition());
        }
        Boolean known = values.test(e);
        if (known != null) {
            return known;
        }
        settle(e);
        known = values.test(e);
        return known != null ? known : decide(e);
    }

    /** Gives two-valued things of the circle that the condition reads, and that nobody has set yet, a value. */
    private void settle(Expr e) {
        Map<String, Ref> read = new TreeMap<>(world.reads().reads(e));
        read.forEach((key, ref) -> {
            boolean two = values.get(key) == null && world.written().contains(key) && values.isTwoValued(ref);
            if (two) {
                values.put(key, Bool.of(choose()));
            }
        });
    }

    private boolean decide(Expr e) {
        Region yes = assumed.and(world.regions().of(e, Regions.Is.TRUE));
        Region no = assumed.and(world.regions().of(e, Regions.Is.NOT_TRUE));
        boolean answer = no.isEmpty() || !yes.isEmpty() && choose();
        assumed = answer ? yes : no;
        return answer;
    }

    private String key(Ref ref) {
        Resolution found = world.facts().resolution(ref);
        return found == null ? "" : Regions.point(found, ref);
    }
}
