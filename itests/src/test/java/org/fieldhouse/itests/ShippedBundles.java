package org.fieldhouse.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Constants;

/**
 * Pax Exam's options for the bundles of features as they are shipped: same jars, start levels, framework properties. Trust alone is left
 * out: it would refuse Pax Exam's own probe, which nobody has signed. {@code BadBundlesIT} has it, in a house of its own.
 */
public final class ShippedBundles {
    private static final String TRUST = "org.fieldhouse.trust";

    private ShippedBundles() {}

    /**
     * For a method annotated with {@code @Configuration}.
     *
     * @param home the home directory of the house in the test
     */
    public static Option of(Path home, String... features) {
        Path distribution = FieldhouseProcess.distribution();
        List<Option> options = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (String feature : features) {
            add(distribution, feature, seen, options);
        }
        Properties properties = properties(distribution, home);
        // Pax Exam has packages of its own here, which a plain property would replace.
        String packages = (String) properties.remove(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA);
        for (String clause : packages.split(",(?=[a-z])")) {
            options.add(systemPackage(clause));
        }
        properties.forEach(
                (key, value) -> options.add(frameworkProperty((String) key).value((String) value)));
        options.add(frameworkProperty("fieldhouse.home").value(home.toString()));
        options.add(frameworkProperty("fieldhouse.distribution").value(distribution.toString()));
        options.add(
                frameworkProperty("org.osgi.service.http.port").value(Integer.toString(FieldhouseProcess.freePort())));
        options.add(frameworkProperty("configurator.initial")
                .value(seen.stream()
                        .map(name -> distribution.resolve("features/" + name + ".config.json"))
                        .filter(Files::exists)
                        .map(file -> withoutVetting(file, home).toUri().toString())
                        .collect(Collectors.joining(","))));
        options.add(systemProperty("pax.exam.osgi.unresolved.fail").value("true"));
        options.add(frameworkStartLevel(10));
        options.add(junitBundles());
        return composite(options.toArray(Option[]::new));
    }

    private static Path withoutVetting(Path file, Path home) {
        try {
            String text = Files.readString(file).replaceAll("\"vetting\": *\\[[^]]*]", "\"vetting\":[]");
            return Files.writeString(home.resolve(file.getFileName()), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Path distribution, String feature, Set<String> seen, List<Option> options) {
        if (!seen.add(feature)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(distribution.resolve("features/" + feature + ".list"))) {
                String[] words = line.split(" ");
                if (words[0].equals("requires")) {
                    add(distribution, words[1], seen, options);
                } else if (words[0].equals("bundle") && !words[3].equals(TRUST)) {
                    options.add(bundle(distribution.resolve(words[5]).toUri().toString())
                            .startLevel(Integer.parseInt(words[1]))
                            .start());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties properties(Path distribution, Path home) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(distribution.resolve("conf/system.properties"))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        properties.replaceAll((key, value) -> ((String) value).replace("${fieldhouse.home}", home.toString()));
        return properties;
    }
}
