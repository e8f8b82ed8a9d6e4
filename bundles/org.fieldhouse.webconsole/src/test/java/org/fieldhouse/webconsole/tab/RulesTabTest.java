package org.fieldhouse.webconsole.tab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.webconsole.login.Audit;
import org.fieldhouse.webconsole.login.Browser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which text of a rule file the Rules tab shows. */
class RulesTabTest {
    @TempDir
    Path root;

    private final Browser browser = new Browser();
    private List<Problem> problems = List.of();
    private final RulesTab tab = new RulesTab(
            null,
            fake(House.class),
            fake(Journal.class),
            fake(ConfigurationDirectory.class),
            new Audit(fake(EventBus.class)));

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> switch (method.getName()) {
                    case "root" -> root;
                    case "generation" -> 7L;
                    case "files" -> List.of(new SourceFile("rules/old.rules", "in force"));
                    case "problems" -> problems;
                    case "zone" -> ZoneId.of("Pacific/Kiritimati");
                    case "rules" ->
                        List.of(new RuleInfo("rule", "Bell", new SourceSpan("rules/a.rules", 1, 1, 1), 0, 0, 0, ""));
                    case "whyNot" -> new RuleBook.Explanation("asked of " + given[1], List.of());
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    @BeforeEach
    void saved() throws IOException {
        browser.logIn("anna");
        Files.createDirectories(root.resolve("rules"));
        Files.writeString(root.resolve("rules/old.rules"), "saved");
        Files.writeString(root.resolve("rules/new.rules"), "never in force");
        Files.writeString(root.resolve("secret.rules"), "hidden");
    }

    private String file(String path) throws IOException {
        tab.renderContent(browser.request("GET", "/rules/file", Map.of("path", path)), browser.response());
        return browser.body;
    }

    @Test
    void aFileIsShownAsItIsInForce() throws IOException {
        assertThat(file("rules/old.rules"))
                .contains("in force", "As it is in force, generation 7")
                .doesNotContain("saved last");
    }

    @Test
    void aFileWithErrorsIsShownAsItWasSavedSoThatThePlacesFit() throws IOException {
        problems = List.of(error("rules/old.rules"), error("rules/new.rules"));
        assertThat(file("rules/old.rules")).contains("<td>saved</td>", "As it was saved last", "a fault");
        assertThat(file("rules/new.rules")).contains("<td>never in force</td>", "fh-at-error");
    }

    @Test
    void noOtherFileIsShown() throws IOException {
        problems = List.of(error("rules/new.rules"));
        for (String path : List.of("secret.rules", "rules/../secret.rules", "rules/gone.rules")) {
            assertThat(file(path)).contains("no rule file").doesNotContain("hidden");
            assertThat(browser.status).isEqualTo(404);
        }
    }

    /** Explanations tell times of the house, so that is what somebody types who asks about one of them. */
    @Test
    void whyNotTakesATimeOfTheHouse() throws IOException {
        RulesTab asking = new RulesTab(
                fake(RuleBook.class),
                fake(House.class),
                fake(Journal.class),
                fake(ConfigurationDirectory.class),
                new Audit(fake(EventBus.class)));
        asking.renderContent(
                browser.request("GET", "/rules/whynot", Map.of("rule", "Bell", "time", "2026-11-21T18:05:07")),
                browser.response());
        assertThat(browser.body).contains("not run at 2026-11-21 18:05:07", "asked of 2026-11-21T04:05:07Z");
    }

    private static Problem error(String path) {
        return Problem.error("E001", new SourceSpan(path, 1, 1, 1), "a fault");
    }
}
