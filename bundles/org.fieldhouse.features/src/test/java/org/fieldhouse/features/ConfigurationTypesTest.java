package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.felix.metatype.AD;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.ObjectClassDefinition;

/** A bundle that describes the PID {@code acme} with one attribute, in Felix's own rules for what is valid. */
class ConfigurationTypesTest {
    private final AD silence = new AD();
    private final ConfigurationTypes types = new ConfigurationTypes(
            fake(BundleContext.class, Map.of("getBundles", new Bundle[] {fake(Bundle.class, Map.of())})),
            bundle -> fake(
                    MetaTypeInformation.class,
                    Map.of(
                            "getPids",
                            new String[] {"acme"},
                            "getFactoryPids",
                            new String[] {"many"},
                            "getObjectClassDefinition",
                            fake(
                                    ObjectClassDefinition.class,
                                    Map.of("getAttributeDefinitions", new AttributeDefinition[] {attribute()})))));

    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answers.get(method.getName())));
    }

    private AttributeDefinition attribute() {
        silence.setType("Integer");
        silence.setMin("1");
        silence.setMax("3600");
        Map<String, Object> said = Map.of(
                "getID", "silence", "getType", AttributeDefinition.INTEGER, "getDescription", "Seconds, 1 to 3600.");
        return (AttributeDefinition) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {AttributeDefinition.class},
                (proxy, method, args) -> method.getName().equals("validate")
                        ? silence.validate((String) args[0])
                        : said.get(method.getName()));
    }

    private Map<String, String> wrong(String pid, String values) throws IOException {
        String json = "{\"" + pid + "\":" + values + "}";
        return types.wrong(
                pid, Defaults.parse(new StringReader(json), "mine.json").get(pid));
    }

    @Test
    void whatTheBundleAllowsPasses() throws Exception {
        assertThat(wrong("acme", "{\"silence:Integer\":5}")).isEmpty();
        assertThat(wrong("acme", "{\"silence\":\"5\"}"))
                .as("a component converts it")
                .isEmpty();
        assertThat(wrong("acme", "{\"another\":\"soon\"}")).as("not described").isEmpty();
        assertThat(wrong("nobody", "{\"silence\":\"soon\"}"))
                .as("no such bundle")
                .isEmpty();
    }

    @Test
    void whatItDoesNotAllowIsNamedWithWhatIsWanted() throws Exception {
        Map<String, String> soon = Map.of("silence", "'soon', wanted is a whole number: Seconds, 1 to 3600.");
        assertThat(wrong("acme", "{\"silence\":\"soon\"}")).isEqualTo(soon);
        assertThat(wrong("many~one", "{\"silence\":\"soon\"}")).isEqualTo(soon);
        assertThat(wrong("acme", "{\"silence\":[\"5\",\"soon\"]}")).isEqualTo(soon);
        assertThat(wrong("acme", "{\"silence:Integer\":9999}")).containsKey("silence");
    }
}
