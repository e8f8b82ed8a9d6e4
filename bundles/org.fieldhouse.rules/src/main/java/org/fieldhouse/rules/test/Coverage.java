package org.fieldhouse.rules.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.rules.TestReport.Part;
import org.fieldhouse.api.rules.TestReport.Reached;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.engine.Probe;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Op;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;

/** Counts what the tests of a program reach: its triggers, its declarations, and both ways of each decision. Any thread. */
public final class Coverage implements Probe {
    private final Map<String, Map<String, Long>> counts = new ConcurrentHashMap<>();

    @Override
    public void reached(Code.Head head, String what) {
        String key = what;
        if (what.startsWith(EDGE) && what.indexOf('/') > 0) {
            key = what.substring(0, what.indexOf('/')); // each member of a group is the same edge of the text
        }
        counts.computeIfAbsent(head.id(), id -> new ConcurrentHashMap<>()).merge(key, 1L, Long::sum);
    }

    /** Everything that can be reached, in the order of the files. */
    public List<Reached> report(CheckedProgram checked, Program program) {
        Map<String, Code> codes = new HashMap<>();
        program.codes().forEach(code -> codes.put(code.head().id(), code));
        List<Reached> all = new ArrayList<>();
        for (CheckedDecl each : checked.declarations()) {
            Code code = codes.get(each.id());
            if (code != null) {
                new Parts(each, code, all).add();
            }
        }
        return List.copyOf(all);
    }

    /** The parts of one declaration. */
    private final class Parts {
        private final CheckedDecl declared;
        private final Code code;
        private final List<Reached> into;
        private final Map<String, Long> counted;

        Parts(CheckedDecl declared, Code code, List<Reached> into) {
            this.declared = declared;
            this.code = code;
            this.into = into;
            this.counted = counts.getOrDefault(declared.id(), Map.of());
        }

        void add() {
            int line = code.head().line();
            if (code instanceof Code.Body body) {
                body(body);
            } else if (code instanceof Code.Level level) {
                level(level);
            } else if (code instanceof Code.Alarm alarm) {
                part(Part.DECLARATION, RAN, "is raised", line);
                part(Part.BRANCH, RETURNED, "returns to normal", line);
                for (int i = 0; i < alarm.escalations().size(); i++) {
                    part(
                            Part.BRANCH,
                            ESCALATED + i,
                            "escalates to " + alarm.escalations().get(i).to(),
                            line);
                }
            } else if (code instanceof Code.Scene) {
                part(Part.DECLARATION, RAN, "is activated", line);
            } else if (code instanceof Code.Link) {
                part(Part.DECLARATION, RAN, "copies", line);
            } else if (code instanceof Code.Upload) {
                part(Part.DECLARATION, RAN, "sends", line);
            } else if (code instanceof Code.Counter) {
                part(Part.DECLARATION, RAN, "counts", line);
            }
        }

        private void part(Part part, String key, String text, int line) {
            SourceSpan place = new SourceSpan(declared.file(), line, 1, 0);
            String name = code.head().kind() + " \"" + code.head().name() + '"';
            into.add(new Reached(name, part, text, place, counted.getOrDefault(key, 0L)));
        }

        private void ways(String key, String yes, String no, int line) {
            part(Part.BRANCH, key + TRUE, yes, line);
            part(Part.BRANCH, key + FALSE, no, line);
        }

        private void body(Code.Body body) {
            List<Edge> edges = declared.decl() instanceof Decl.Rule rule
                    ? rule.triggers()
                    : ((Decl.Sequence) declared.decl()).triggers();
            for (int i = 0; i < edges.size(); i++) {
                part(
                        Part.EDGE,
                        EDGE + "e" + i,
                        "the trigger fires",
                        edges.get(i).span().line());
            }
            Expr condition = declared.decl() instanceof Decl.Rule rule ? rule.condition() : null;
            if (condition != null) {
                int line = condition.span().line();
                ways(CONDITION, "the condition holds", "the condition does not hold", line);
            } else if (!body.require().isEmpty()) {
                int line = body.require().get(0).line();
                ways(CONDITION, "all permissives hold", "a permissive does not hold", line);
            }
            part(Part.DECLARATION, RAN, "runs", body.head().line());
            for (int pc = 0; pc < body.ops().size(); pc++) {
                operation(body.ops().get(pc), OPERATION + pc + ":");
            }
            if (body.failPc() >= 0) {
                part(
                        Part.BRANCH,
                        FAILED,
                        "on fail",
                        body.ops()
                                .get(Math.min(body.failPc(), body.ops().size() - 1))
                                .line());
            }
        }

        private void operation(Op op, String key) {
            if (op instanceof Op.JumpUnless) {
                ways(key, "the if is true", "the if is not true", op.line());
            } else if (op instanceof Op.WaitUntil wait && wait.within() != null) {
                ways(key, "the wait ends in time", "the time is up", op.line());
            } else if (op instanceof Op.WaitUntil) {
                part(Part.BRANCH, key + TRUE, "the wait ends", op.line());
            } else if (op instanceof Op.Invoke call && call.await() != null) {
                ways(key, call.function().name() + " answers", call.function().name() + " fails", op.line());
            }
        }

        private void level(Code.Level level) {
            for (int i = 0; i < level.branches().size(); i++) {
                part(
                        Part.BRANCH,
                        BRANCH + i,
                        "the branch holds",
                        level.branches().get(i).line());
            }
            Code.Branch fail = level.fail();
            if (fail != null) {
                part(Part.BRANCH, FAILED, "fail", fail.line());
            }
            if (level.otherwise() != null || level.releases()) {
                part(Part.BRANCH, OTHERWISE, "the condition ends", level.head().line());
            }
        }
    }
}
