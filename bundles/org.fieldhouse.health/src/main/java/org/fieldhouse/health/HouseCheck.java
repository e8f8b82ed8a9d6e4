package org.fieldhouse.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Status;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Files that are not in force and devices that do not work. Warnings: the house itself runs on. Only while nobody has looked at the
 * files yet it is not ready: whoever waits for it counts on its rules.
 */
@Component(
        configurationPid = "org.fieldhouse.health.house",
        property = {"hc.name=house", "hc.tags=fieldhouse"})
public final class HouseCheck implements HealthCheck {
    /** Different troubles of devices that are named. */
    private static final int NAMED = 8;

    private final House house;
    private final ConfigurationDirectory directory;

    @Activate
    public HouseCheck(@Reference House house, @Reference ConfigurationDirectory directory) {
        this.house = house;
        this.directory = directory;
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        if (!directory.hasLooked()) {
            log.temporarilyUnavailable("the files are being read");
        }
        List<Problem> errors =
                directory.problems().stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            log.warn(
                    "the files have {}, and what was good before is in force in their place: {}",
                    errors.size() == 1 ? "an error" : errors.size() + " errors",
                    errors.get(0));
        }
        Map<Status, List<String>> troubled = new LinkedHashMap<>();
        for (DeviceInfo device : house.model().devices()) {
            if (isTrouble(device.status())) {
                troubled.computeIfAbsent(device.status(), s -> new ArrayList<>())
                        .add(device.name());
            }
        }
        troubled.entrySet().stream()
                .limit(NAMED)
                .forEach(each -> log.warn("{} {}", names(each.getValue()), each.getKey()));
        if (troubled.size() > NAMED) {
            log.warn(
                    "{} more devices have other troubles",
                    troubled.values().stream().skip(NAMED).mapToInt(List::size).sum());
        }
        return new Result(log);
    }

    /** One that is being opened for the first time has given no reason yet. */
    private static boolean isTrouble(Status status) {
        return switch (status.condition()) {
            case FAULT, OFFLINE -> true;
            case CONNECTING -> !status.reason().isEmpty();
            case ONLINE, UPDATING -> false;
        };
    }

    private static String names(List<String> devices) {
        return switch (devices.size()) {
            case 1 -> devices.get(0) + " is";
            case 2 -> devices.get(0) + " and " + devices.get(1) + " are";
            default -> devices.get(0) + " and " + (devices.size() - 1) + " others are";
        };
    }
}
