package org.fieldhouse.rules.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.junit.jupiter.api.Test;

/** Whose {@code else} it is, see ADR 23. */
class ElseTest {
    private static Stmt.If read(String wait) {
        ParseResult parsed = RuleParser.parse(
                new SourceFile("a.rules", "rule \"a\" when started do if sun is up\n" + wait + "\nelse stop end end"));
        assertThat(parsed.diagnostics()).isEmpty();
        Decl.Rule rule = (Decl.Rule) parsed.file().declarations().get(0);
        return (Stmt.If) rule.body().get(0);
    }

    @Test
    void behind_a_wait_without_a_limit_it_belongs_to_the_if() {
        Stmt.If branches = read("wait until Hall.Motion is off");
        assertThat(branches.otherwise()).hasSize(1);
        assertThat(branches.branches().get(0).body()).hasSize(1);
    }

    @Test
    void behind_a_limit_it_belongs_to_the_wait() {
        Stmt.If branches = read("wait until Hall.Motion is off within 1 min");
        assertThat(branches.otherwise()).isEmpty();
        List<Stmt> body = branches.branches().get(0).body();
        assertThat(((Stmt.WaitUntil) body.get(0)).otherwise()).isInstanceOf(Stmt.GiveUp.class);
    }
}
