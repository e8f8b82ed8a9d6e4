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
    void an_if_below_an_else_that_got_an_end_of_its_own_is_named() {
        String text =
                """
                rule "a" when started
                do
                  if sun is up
                    log "up"
                  else
                    if today is workday
                      log "work"
                    end
                    log "down"
                  end
                end
                rule "b" when started do log "b" end
                """;
        assertThat(RuleParser.parse(new SourceFile("a.rules", text)).diagnostics())
                .extracting(Diagnostic::render)
                .containsExactly(
                        """
                        a.rules:6:5: error E003: this 'if' continues the 'else' above it and has no 'end' of its own: write 'else if' and leave out one 'end'; the one in line 11 closes nothing
                        6 |     if today is workday
                          |     ^^"""
                                .stripTrailing());
    }

    @Test
    void an_end_too_many_is_named_itself() {
        String text = "rule \"a\" when started do if sun is up log \"up\" else if sun is down stop end end\nend\n";
        assertThat(RuleParser.parse(new SourceFile("a.rules", text)).diagnostics())
                .extracting(each -> each.span().line() + " " + each.message())
                .containsExactly("2 this 'end' closes nothing");
    }

    @Test
    void behind_a_limit_it_belongs_to_the_wait() {
        Stmt.If branches = read("wait until Hall.Motion is off within 1 min");
        assertThat(branches.otherwise()).isEmpty();
        List<Stmt> body = branches.branches().get(0).body();
        assertThat(((Stmt.WaitUntil) body.get(0)).otherwise()).isInstanceOf(Stmt.GiveUp.class);
    }
}
