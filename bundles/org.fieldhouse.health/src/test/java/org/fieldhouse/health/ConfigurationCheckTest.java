package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the Configurator was to apply, and silently did not. */
class ConfigurationCheckTest {
    @TempDir
    Path folder;

    private List<String> present = List.of();
    private ConfigurationCheck check;

    @BeforeEach
    @AfterEach
    void anotherProcess() {
        System.clearProperty(ConfigurationCheck.APPLIED);
    }

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(
                folder.resolve("a.json"), "{\":configurator:resource-version\": 1, \"a\": {\"x\": 1}, \"b\": {}}");
        check = new ConfigurationCheck(
                stub(BundleContext.class, Map.of("getProperty", a -> file.toUri()
                        .toString())),
                stub(ConfigurationAdmin.class, Map.of("listConfigurations", a -> present.stream()
                        .map(pid -> stub(Configuration.class, Map.of("getPid", b -> pid)))
                        .toArray(Configuration[]::new))));
    }

    private static <T> T stub(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName()).apply(arguments)));
    }

    @Test
    void namesWhatWasNotApplied() {
        present = List.of("b", "other");
        assertThat(check.execute().getStatus()).isEqualTo(Result.Status.CRITICAL);
        assertThat(check.execute().toString()).contains("configuration a was not applied");
        present = List.of("a", "b");
        assertThat(check.execute().toString()).doesNotContain("was not applied");
    }

    @Test
    void whatIsTakenOutLaterIsNotMissing() {
        present = List.of("a", "b");
        assertThat(check.execute().toString()).doesNotContain("was not applied");
        present = List.of("b");
        assertThat(check.execute().toString()).doesNotContain("was not applied");
    }

    @Test
    void norWhenThisBundleWasReplacedMeanwhile() throws Exception {
        present = List.of("a", "b");
        check.execute();
        present = List.of("b");
        start();
        assertThat(check.execute().toString()).doesNotContain("was not applied");
    }
}
