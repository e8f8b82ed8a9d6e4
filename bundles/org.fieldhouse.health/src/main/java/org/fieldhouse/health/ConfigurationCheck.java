package org.fieldhouse.health;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Every configuration named in the files that the Configurator read at the start was there once. What goes later, goes because
 * somebody took it out.
 *
 * <p>The Configurator says nothing when it has no JSON provider, and only logs a broken file; in both cases the house
 * would run on defaults without anybody knowing.
 */
@Component(
        configurationPid = "org.fieldhouse.health.configurations",
        property = {"hc.name=configurations", "hc.tags=fieldhouse"})
public final class ConfigurationCheck implements HealthCheck {
    private static final String ALL = "(service.pid=*)";

    /**
     * Set in the system's properties when all was there once in this process: what a start was given says nothing about a house that was changed
     * since, and this bundle may be replaced then.
     */
    static final String APPLIED = "org.fieldhouse.health.configurations.applied";

    private final ConfigurationAdmin configurations;
    /** Those not seen yet. */
    private final Set<String> expected = new HashSet<>();

    private final List<String> broken = new ArrayList<>();

    @Activate
    public ConfigurationCheck(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this.configurations = configurations;
        if (Boolean.getBoolean(APPLIED)) {
            return;
        }
        String files = context.getProperty("configurator.initial");
        for (String file : files == null || files.isEmpty() ? new String[0] : files.split(",")) {
            read(Path.of(URI.create(file).getPath()).normalize());
        }
    }

    private void read(Path file) {
        try {
            for (String key : Json.topLevelKeys(Files.readString(file))) {
                if (!key.startsWith(":configurator:")) {
                    expected.add(key);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            broken.add("configuration file " + file + ": " + e.getMessage());
        }
    }

    @Override
    public synchronized Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        broken.forEach(log::critical);
        try {
            Configuration[] present = configurations.listConfigurations(ALL);
            for (Configuration configuration : present == null ? new Configuration[0] : present) {
                expected.remove(configuration.getPid());
            }
        } catch (IOException | InvalidSyntaxException e) {
            log.critical("the configurations cannot be read: {}", e.getMessage());
        }
        if (expected.isEmpty() && broken.isEmpty()) {
            System.setProperty(APPLIED, "true");
        }
        expected.stream().sorted().forEach(pid -> log.critical("configuration {} was not applied", pid));
        return new Result(log);
    }
}
