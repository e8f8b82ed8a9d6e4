package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.Status;
import org.junit.jupiter.api.Test;

class HouseCheckTest {
    private final List<Problem> problems = new ArrayList<>();
    private final List<DeviceInfo> devices = new ArrayList<>();

    private boolean looked = true;

    private <T> T answering(Class<T> service, Map<String, Supplier<Object>> answers) {
        return service.cast(Proxy.newProxyInstance(
                service.getClassLoader(), new Class<?>[] {service}, (proxy, method, arguments) -> {
                    Supplier<Object> answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return answer.get();
                }));
    }

    private List<String> warnings() {
        List<String> critical = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        ask(critical, warnings);
        assertThat(critical).as("the house is ready all the same").isEmpty();
        return warnings;
    }

    private void ask(List<String> critical, List<String> warnings) {
        Readiness.ask(
                new HouseCheck(
                        answering(House.class, Map.of("model", () -> new HouseModel(devices))),
                        answering(
                                ConfigurationDirectory.class,
                                Map.of("problems", () -> problems, "hasLooked", () -> looked))),
                critical,
                warnings);
    }

    @Test
    void isNotReadyBeforeTheFilesWereLookedAt() {
        looked = false;
        List<String> critical = new ArrayList<>();
        ask(critical, new ArrayList<>());
        assertThat(critical).containsExactly("the files are being read");
    }

    private void device(String name, Status status) {
        devices.add(
                new DeviceInfo(DeviceId.of(name), name, "mqtt", null, "", Set.of(), DeviceDescription.EMPTY, status));
    }

    @Test
    void saysNothingOfAHouseInOrder() {
        device("Lamp", Status.ONLINE);
        device("New", Status.CONNECTING);
        problems.add(Problem.warning("C021", SourceSpan.file("devices/a.yaml"), "nobody reads it"));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void namesTheFirstErrorOfTheFiles() {
        problems.add(Problem.warning("C021", SourceSpan.file("devices/a.yaml"), "nobody reads it"));
        problems.add(Problem.error("C001", new SourceSpan("devices/a.yaml", 2, 1, 1), "a tab"));
        problems.add(Problem.error("E101", new SourceSpan("rules/a.rules", 4, 1, 1), "unknown"));
        assertThat(warnings())
                .containsExactly("the files have 2 errors, and what was good before is in force in their place:"
                        + " devices/a.yaml:2:1: error [C001] a tab");
    }

    @Test
    void namesDevicesByTheirTrouble() {
        device("Broker", new Status(Status.Condition.CONNECTING, "refused, next try in 8 s"));
        device("Hall.Light", Status.offline("its bridge Broker is away"));
        device("Odd", Status.fault("no binding 'mqqt' is installed"));
        device("Hall.Lamp", Status.offline("its bridge Broker is away"));
        device("Hall.Fan", Status.offline("its bridge Broker is away"));
        assertThat(warnings())
                .containsExactly(
                        "Broker is CONNECTING: refused, next try in 8 s",
                        "Hall.Light and 2 others are OFFLINE: its bridge Broker is away",
                        "Odd is FAULT: no binding 'mqqt' is installed");
    }

    @Test
    void aThousandTroublesAreFewLines() {
        for (int i = 0; i < 1000; i++) {
            device("Lamp" + i, Status.fault("number " + i));
        }
        assertThat(warnings()).hasSize(9).last().isEqualTo("992 more devices have other troubles");
    }
}
