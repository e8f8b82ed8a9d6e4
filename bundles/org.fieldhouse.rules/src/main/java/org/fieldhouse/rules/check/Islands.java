package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.fieldhouse.rules.syntax.ast.TestStep;

/**
 * The parts of a program that have nothing in common: no device, no variable or other declaration, no function, nobody who is told.
 * What happens in one is not noticed in another, so a test finds the same beside the declarations of its own island as beside all; and
 * in a large house there are many tests, each of which would run all rules. See ADR 200.
 */
public final class Islands {
    private static final String TOLD = "told ";
    private static final String FUNCTION = "function ";

    private final CheckedProgram program;
    /** Whom and what tests ask for. */
    private final Set<String> asked = new HashSet<>();
    /** Where a declaration is, or one that is with it; those that point to themselves stand for their island. */
    private final int[] above;
    /** The first declaration in which something is mentioned: the id of a device, or text. */
    private final Map<Object, Integer> firsts = new HashMap<>();

    /** The declaration at hand. */
    private int here;

    private Islands(CheckedProgram program) {
        this.program = program;
        above = new int[program.declarations().size()];
    }

    /** Each island with tests, in the order of the text, behind all that no test is about. Together they have all declarations. */
    public static List<CheckedProgram> of(CheckedProgram program) {
        return new Islands(program).all();
    }

    private List<CheckedProgram> all() {
        List<CheckedDecl> declarations = program.declarations();
        declarations.forEach(each -> asked(each.decl()));
        for (int i = 0; i < above.length; i++) {
            above[i] = i;
            Decl decl = declarations.get(i).decl();
            here = i;
            tie(decl.kind() + " " + decl.key());
            ties(decl);
        }
        Map<Integer, List<CheckedDecl>> tested = new LinkedHashMap<>();
        for (int i = 0; i < above.length; i++) {
            if (declarations.get(i).decl() instanceof Decl.Test) {
                tested.put(island(i), new ArrayList<>());
            }
        }
        List<CheckedDecl> rest = new ArrayList<>();
        for (int i = 0; i < above.length; i++) {
            tested.getOrDefault(island(i), rest).add(declarations.get(i));
        }
        List<CheckedProgram> parts = new ArrayList<>();
        parts.add(program.only(rest));
        tested.values().forEach(each -> parts.add(program.only(each)));
        return parts;
    }

    private int island(int declaration) {
        int at = declaration;
        while (above[at] != at) {
            above[at] = above[above[at]];
            at = above[at];
        }
        return at;
    }

    /** The declaration at hand mentions that: it is on the island of whoever else does. */
    private void tie(Object what) {
        Integer first = firsts.putIfAbsent(what, here);
        if (first != null && first != here) {
            above[island(here)] = island(first);
        }
    }

    /** What leaves the house ties those who send it only if a test asks for it. */
    private void tieIfAsked(String what) {
        if (asked.contains(what)) {
            tie(what);
        }
    }

    private void asked(Decl decl) {
        if (decl instanceof Decl.Test test) {
            test.given().forEach(this::asked);
            test.steps().forEach(each -> asked(each.step()));
        }
    }

    private void asked(TestStep step) {
        if (step instanceof TestStep.ExpectNotified expected) {
            asked.add(TOLD + expected.to().text());
        } else if (step instanceof TestStep.Answer answer) {
            asked.add(FUNCTION + answer.function().text());
        } else if (step instanceof TestStep.ExpectCalled called) {
            asked.add(FUNCTION + called.function().text());
        }
    }

    /** All that is mentioned in a tree: walks the components of its records, as {@link ContentHash} does. */
    private void ties(Object node) {
        if (node instanceof Collection<?> list) {
            list.forEach(this::ties);
        } else if (node instanceof Record) {
            if (node instanceof Node named) {
                program.resolution(named).ifPresent(this::meant);
                byName(named);
            }
            ContentHash.parts(node).forEach(this::ties);
        }
    }

    private void meant(Resolution found) {
        if (found instanceof Resolution.OfPoint point) {
            tie(point.device().id());
        } else if (found instanceof Resolution.OfDevice device) {
            tie(device.device().id());
        } else if (found instanceof Resolution.OfEvent event) {
            tie(event.device().id());
        } else if (found instanceof Resolution.OfAction action) {
            tie(action.device().id());
        } else if (found instanceof Resolution.OfFunction function) {
            tieIfAsked(FUNCTION + function.spec().name());
        } else if (found instanceof Resolution.OfVariable variable) {
            tie("variable " + variable.variable().key());
        } else if (found instanceof Resolution.OfCounter counter) {
            tie("counter " + counter.counter().key());
        } else if (found instanceof Resolution.OfGroup group) {
            group.members().forEach(this::meant);
        } else if (found instanceof Resolution.OfDecl declared) {
            tie(declared.declaration().kind() + " " + declared.declaration().key());
        }
    }

    /** What nobody has to look up to know what it means. */
    private void byName(Node node) {
        if (node instanceof Ref ref) {
            program.model().named(ref.path().text()).ifPresent(device -> tie(device.id()));
        } else if (node instanceof Stmt.Notify notify) {
            told(notify.to());
            if (notify.to().isEmpty()) {
                tieIfAsked(TOLD + Stmt.Notify.EVERYBODY);
            }
        } else if (node instanceof Decl.Alarm alarm) {
            told(alarm.recipients());
        } else if (node instanceof Decl.Escalation escalation) {
            told(List.of(escalation.to()));
        } else if (node instanceof TestStep.ExpectNotified expected) {
            told(List.of(expected.to()));
        } else if (node instanceof Stmt.Activate activate) {
            tie("scene " + activate.scene().text());
        } else if (node instanceof Stmt.Raise raise) {
            tie("alarm " + raise.alarm().text());
        } else if (node instanceof Stmt.Clear clear) {
            tie("alarm " + clear.alarm().text());
        } else if (node instanceof Expr.AlarmIs is) {
            tie("alarm " + is.alarm().text());
        } else if (node instanceof TestStep.AlarmAct act) {
            tie("alarm " + act.alarm().text());
        } else if (node instanceof Stmt.CallFunction call) {
            tieIfAsked(FUNCTION + call.function().text());
        } else if (node instanceof Expr.Call call) {
            tieIfAsked(FUNCTION + call.function().text());
        } else if (node instanceof TestStep.Answer answer) {
            tie(FUNCTION + answer.function().text());
        } else if (node instanceof TestStep.ExpectCalled called) {
            tie(FUNCTION + called.function().text());
        }
    }

    private void told(List<Name> names) {
        names.forEach(each -> tieIfAsked(TOLD + each.text()));
    }
}
