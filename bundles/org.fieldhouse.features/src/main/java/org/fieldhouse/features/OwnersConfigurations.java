package org.fieldhouse.features;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Places;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.MetaTypeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner's {@code config/*.json}: part of every generation, in force when saved. At a start the Configurator has read them before
 * anything else runs, so nothing is parsed here until one of them changes. Configuration thread alone.
 */
@Component
public final class OwnersConfigurations implements ConfigurationParticipant {
    private static final Logger LOG = LoggerFactory.getLogger(OwnersConfigurations.class);

    private final Defaults defaults;
    private final Features features;
    private final ConfigurationTypes types;
    private List<SourceFile> inForce = List.of();
    private boolean started;

    @Activate
    public OwnersConfigurations(
            @Reference ConfigurationAdmin admin,
            @Reference Features features,
            @Reference MetaTypeService metatype,
            BundleContext context) {
        this.features = features;
        types = new ConfigurationTypes(context, metatype);
        String home = context.getProperty("fieldhouse.home");
        String distribution = context.getProperty("fieldhouse.distribution");
        Path root = Path.of(home == null ? "." : home).toAbsolutePath().normalize();
        Places places = new Places(Path.of(distribution == null ? "." : distribution), root.resolve("data"));
        defaults = new Defaults(places, root.resolve("config"), admin);
    }

    @Override
    public String pattern() {
        return "config/*.json";
    }

    @Override
    public Prepared prepare(List<SourceFile> files, HouseModel model) {
        List<Problem> problems = new ArrayList<>();
        boolean news = started && !files.equals(inForce);
        if (news) {
            for (SourceFile file : files) {
                if (!inForce.contains(file)) {
                    try {
                        read(file).forEach((pid, values) -> types.wrong(pid, values)
                                .forEach((attribute, what) -> problems.add(Problem.error(
                                        "C035", place(file, attribute), attribute + " of " + pid + " is " + what))));
                    } catch (IOException | RuntimeException e) {
                        problems.add(Problem.error(
                                "C034",
                                SourceSpan.file(file.path()),
                                "not a file of configurations: "
                                        + String.valueOf(e.getMessage()).strip()));
                    }
                }
            }
        }
        return new Prepared() {
            @Override
            public List<Problem> problems() {
                return problems;
            }

            @Override
            public void activate(long generation) {
                if (news) {
                    apply(inForce, files);
                }
                inForce = List.copyOf(files);
                started = true;
            }
        };
    }

    /** The line of the first key of that name; the reader of the format does not tell. */
    private static SourceSpan place(SourceFile file, String attribute) {
        int at = file.text().indexOf('"' + attribute);
        return at < 0
                ? SourceSpan.file(file.path())
                : new SourceSpan(
                        file.path(), (int) file.text().substring(0, at).lines().count(), 0, 0);
    }

    private static Map<String, Hashtable<String, Object>> read(SourceFile file) throws IOException {
        return Defaults.parse(new StringReader(file.text()), file.path());
    }

    private static Map<String, Hashtable<String, Object>> all(List<SourceFile> files) {
        Map<String, Hashtable<String, Object>> all = new LinkedHashMap<>();
        for (SourceFile file : files) {
            try {
                all.putAll(read(file));
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} is left out: {}", file.path(), e.getMessage());
            }
        }
        return all;
    }

    private void apply(List<SourceFile> before, List<SourceFile> after) {
        Map<String, Hashtable<String, Object>> were = all(before);
        Map<String, Hashtable<String, Object>> are = all(after);
        Set<String> pids = new LinkedHashSet<>(were.keySet());
        pids.addAll(are.keySet());
        try {
            // What the owner does not set any more is the feature's again.
            Map<String, Hashtable<String, Object>> defaulted =
                    defaults.of(Lock.parse(features.lock()).configs());
            for (String pid : pids) {
                Hashtable<String, Object> values = are.containsKey(pid) ? are.get(pid) : defaulted.get(pid);
                defaults.set(pid, values);
            }
        } catch (IOException e) {
            LOG.error("The configurations could not be applied; a restart applies them", e);
        }
    }
}
