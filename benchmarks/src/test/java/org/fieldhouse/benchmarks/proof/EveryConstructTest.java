package org.fieldhouse.benchmarks.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.fieldhouse.rules.syntax.ast.TestStep;
import org.junit.jupiter.api.Test;

/** What the other suites run is the whole language: a construct that is added and left out of the file would go untried. */
class EveryConstructTest {
    /** No text has the first three; the others call functions, which belong to bundles. */
    private static final Set<Class<?>> NOT_WRITTEN = Set.of(
            Decl.Broken.class,
            Expr.Invalid.class,
            Expr.Member.class,
            Stmt.CallFunction.class,
            Stmt.LetCall.class,
            TestStep.Answer.class,
            TestStep.ExpectCalled.class);

    @Test
    void theFileHasEveryConstructOfTheLanguage() throws ReflectiveOperationException {
        Set<Class<?>> used = new HashSet<>();
        collect(
                RuleParser.parse(new SourceFile("a.rules", RuleSet.resource("every-construct.rules")))
                        .file(),
                used);
        List<Class<?>> missing = new ArrayList<>();
        for (Class<?> family : List.of(Decl.class, Edge.class, Stmt.class, Expr.class, TestStep.class)) {
            leaves(family, missing);
        }
        missing.removeAll(used);
        missing.removeAll(NOT_WRITTEN);
        assertThat(missing).as("add them to every-construct.rules").isEmpty();
    }

    @Test
    void itChecksAndLowers() {
        assertThat(RuleSet.everyConstruct().program().codes()).hasSizeGreaterThan(20);
    }

    private static void leaves(Class<?> family, List<Class<?>> all) {
        if (family.isSealed()) {
            for (Class<?> each : family.getPermittedSubclasses()) {
                leaves(each, all);
            }
        } else {
            all.add(family);
        }
    }

    private static void collect(Object node, Set<Class<?>> used) throws ReflectiveOperationException {
        if (node instanceof Iterable<?> all) {
            for (Object each : all) {
                collect(each, used);
            }
        } else if (node instanceof Optional<?> some && some.isPresent()) {
            collect(some.get(), used);
        } else if (node instanceof Record && node.getClass().getName().startsWith("org.fieldhouse.rules.syntax")) {
            used.add(node.getClass());
            for (RecordComponent part : node.getClass().getRecordComponents()) {
                collect(part.getAccessor().invoke(node), used);
            }
        }
    }
}
