package org.fieldhouse.rules.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.rules.RuleFunction;
import org.fieldhouse.rules.cli.RuleDirectory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code data/model.json} in the home directory as the house is, so that {@code fieldhouse check} knows the devices where
 * no runtime is. Looks every few seconds instead of listening: a look costs nothing while nothing has changed, and the bus is
 * spared a subscriber.
 */
@Component(service = ModelExport.class, immediate = true)
public final class ModelExport {
    private static final Logger LOG = LoggerFactory.getLogger(ModelExport.class);
    private static final int SECONDS = 3;
    private static final int SECONDS_AT_START = 15;

    /** What is written of a device; its status is not. */
    private record Written(String id, String name, String area, Set<String> tags, DeviceDescription description) {}

    private final House house;
    private final Path file;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "fieldhouse-model-export");
        made.setDaemon(true);
        return made;
    });

    private HouseModel last = HouseModel.EMPTY;
    private List<Written> written = List.of();
    private final Map<String, FunctionSpec> functions = new ConcurrentSkipListMap<>();
    private List<FunctionSpec> writtenFunctions = List.of();
    private boolean warned;

    @Activate
    public ModelExport(@Reference House house, BundleContext context) {
        this(house, Path.of(String.valueOf(context.getProperty("fieldhouse.home")), "data", "model.json"));
        // That of the last run will do while the house starts, which needs the processors for itself.
        int first = Files.exists(file) ? SECONDS_AT_START : SECONDS;
        thread.scheduleWithFixedDelay(this::look, first, SECONDS, TimeUnit.SECONDS);
    }

    ModelExport(House house, Path file) {
        this.house = house;
        this.file = file;
    }

    /** A function stays in the file while its bundle is away: rule files that name it stay right. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addFunction(RuleFunction function) {
        FunctionSpec spec = function.spec();
        functions.put(spec.name(), spec);
    }

    public void removeFunction(RuleFunction function) {}

    @Deactivate
    public void stop() {
        thread.shutdownNow();
    }

    /** Writes the file if a device came, went, or describes itself anew. */
    void look() {
        HouseModel now = house.model();
        List<FunctionSpec> known = List.copyOf(functions.values());
        if (now == last && known.equals(writtenFunctions)) {
            return;
        }
        List<Written> devices = now.devices().stream()
                .map(d -> new Written(d.id().value(), d.name(), d.area(), d.tags(), d.description()))
                .toList();
        try {
            if (!devices.equals(written) || !known.equals(writtenFunctions)) {
                RuleDirectory.write(now.withFunctions(known), file);
                written = devices;
                writtenFunctions = known;
            }
            last = now;
            warned = false;
        } catch (IOException | UncheckedIOException e) {
            if (!warned) {
                LOG.warn(
                        "{} cannot be written, so the check on the command line knows an older house: {}",
                        file,
                        e.toString());
                warned = true;
            }
        }
    }
}
