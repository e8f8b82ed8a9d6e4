package org.fieldhouse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files with every kind of error, and what is said of them. Each {@code broken/*.yaml} has its messages beside it; run with
 * {@code -Dgolden=write} to write them anew, and read the difference.
 */
class BrokenFilesTest {
    static Stream<String> files() throws IOException, URISyntaxException {
        try (Stream<Path> list = Files.list(folder())) {
            return list
                    .map(p -> p.getFileName().toString())
                    .filter(n -> n.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Path folder() throws URISyntaxException {
        return Path.of("src/test/resources/broken").toAbsolutePath();
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatIsWrongWhere(String name) throws Exception {
        Path file = folder().resolve(name);
        Path golden = folder().resolve(name.replace(".yaml", ".txt"));
        String said =
                said(Files.readString(file)).stream().map(Problem::toString).collect(Collectors.joining("\n")) + "\n";
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(golden, said);
        }
        assertThat(said).isEqualTo(Files.readString(golden));
        assertThat(said).contains("[C0");
    }

    private static List<Problem> said(String text) {
        return Plan.of(List.of(DevicesFile.parse(new SourceFile("devices/x.yaml", text))))
                .problems();
    }

    @Property(tries = 2_000)
    void noTextBreaksTheReader(@ForAll @StringLength(max = 200) String text) {
        assertThat(said(text)).isNotNull();
    }

    @Property(tries = 500)
    void noCutOrSwapOfAGoodFileBreaksTheReader(@ForAll int cut, @ForAll char swapped) {
        String good = "# house\nHall.Light: {binding: virtual, type: dimmer, tags: [a, \"b\"]}\n"
                + "Hub:\n  binding: mqtt\n  type: broker\n  config:\n    host: &h localhost\n    list:\n      - a: *h\n";
        int at = Math.floorMod(cut, good.length());
        assertThat(said(good.substring(0, at))).isNotNull();
        assertThat(said(good.substring(0, at) + swapped + good.substring(at + 1)))
                .isNotNull();
    }

    @Test
    @Tag("slow")
    void aHouseOfTenThousandDevicesIsReadOnceAndThenTakenFromTheCache(@TempDir Path data) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append("Plant.Sensor")
                    .append(i)
                    .append(":\n  id: 0x")
                    .append(i)
                    .append("\n  binding: mqtt\n  type: topics\n")
                    .append("  bridge: Hub\n  area: Hall 3\n  config:\n    topic: plant/line")
                    .append(i)
                    .append("/state\n    points:\n      temperature: {pointer: /t, unit: °C}\n")
                    .append("      humidity: {pointer: /h, unit: \"%\"}\n      power: {pointer: /p, unit: W}\n");
        }
        text.append("Hub:\n  binding: mqtt\n  type: broker\n  hold: {onoff: 30 min, mode: none}\n");
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            Plan plan = Plan.of(List.of(DevicesFile.parse(new SourceFile("devices/x.yaml", text.toString()))));
            assertThat(plan.problems()).isEmpty();
            assertThat(plan.entries()).hasSize(10_001);
            millis.add((System.nanoTime() - start) / 1_000_000);
        }
        EntryCache cache = new EntryCache(data);
        SourceFile file = new SourceFile("devices/x.yaml", text.toString());
        DevicesFile parsed = cache.read(file);
        long start = System.nanoTime();
        DevicesFile cached = cache.read(file);
        millis.add((System.nanoTime() - start) / 1_000_000);
        assertThat(cached.entries()).hasSameSizeAs(parsed.entries());
        for (int i = 0; i < parsed.entries().size(); i++) {
            assertThat(cached.entries().get(i).sameAs(parsed.entries().get(i))).isTrue();
            assertThat(cached.entries().get(i).place())
                    .isEqualTo(parsed.entries().get(i).place());
        }
        System.out.println("10,000 devices, " + text.length() / 1024
                + " kB: first, second, third time, from the cache ms " + millis);
        assertThat(millis.get(2)).isLessThan(10_000);
    }
}
