package org.fieldhouse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.HouseModel;
import org.junit.jupiter.api.Test;

class DeviceFilesTest {
    private final DeviceFiles files = new DeviceFiles();

    private List<String> said(String... texts) {
        List<SourceFile> all = Arrays.stream(texts)
                .map(text -> new SourceFile("devices/" + Arrays.asList(texts).indexOf(text) + ".yaml", text))
                .toList();
        return files.prepare(all, HouseModel.EMPTY).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private String renamed(String text, String from, String to) {
        return files.renamed(new SourceFile("devices/a.yaml", text), from, to).text();
    }

    @Test
    void isFoundByTheCommandLine() {
        assertThat(ServiceLoader.load(ConfigurationParticipant.class))
                .singleElement()
                .isInstanceOf(DeviceFiles.class);
    }

    @Test
    void saysWhatNeedsNoBinding() {
        assertThat(said("Lamp:\n\tbinding: nobody\n"))
                .singleElement()
                .asString()
                .startsWith("devices/0.yaml:2:1: error [C001] a tab character");
        assertThat(said("Lamp: {binding: a, type: b}\n", "\nLamp: {binding: a, type: b}\n"))
                .containsExactly("devices/1.yaml:2:1: error [C004] the name Lamp is taken by devices/0.yaml:1:1");
        assertThat(said("Lamp: {binding: nobody, type: knows, config: {these: too}}\n"))
                .isEmpty();
    }

    @Test
    void aNewNameChangesTheKeyAndTheBridgesAndNothingElse() {
        assertThat(renamed(
                        """
                        # 😀 Hub stays here
                        Hub :   # and here: Hub
                          binding: Hub
                          type:  'Hub'
                        "L\\u0061mp":
                          binding: mqtt
                          type: topic
                          bridge:   'Hub' # Hub
                          config: {bridge: Hub, Hub: 1}
                        Hub2: {binding: mqtt, type: topic, bridge: Hub, area: Hub}
                        """,
                        "Hub",
                        "Küche/Hub 1"))
                .isEqualTo(
                        """
                        # 😀 Hub stays here
                        "Küche/Hub 1" :   # and here: Hub
                          binding: Hub
                          type:  'Hub'
                        "L\\u0061mp":
                          binding: mqtt
                          type: topic
                          bridge:   "Küche/Hub 1" # Hub
                          config: {bridge: Hub, Hub: 1}
                        Hub2: {binding: mqtt, type: topic, bridge: "Küche/Hub 1", area: Hub}
                        """);
        assertThat(renamed("\"L\\u0061mp\":\r\n  type: x\r\n", "Lamp", "Hall.Light"))
                .isEqualTo("Hall.Light:\r\n  type: x\r\n");
        assertThat(renamed("Lamp:\n\ttype: x\n", "Lamp", "Other")).isEqualTo("Lamp:\n\ttype: x\n");
    }
}
