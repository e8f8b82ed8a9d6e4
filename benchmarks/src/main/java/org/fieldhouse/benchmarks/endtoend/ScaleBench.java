package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.MqttLink;
import org.fieldhouse.benchmarks.load.ProcessStat;
import org.fieldhouse.benchmarks.subject.Homes;
import org.fieldhouse.benchmarks.subject.House;

/**
 * A house of many MQTT devices of three points each and 1,000 rules: from exec to the first answer of a rule, while the devices
 * talk; on the first start, and on a later one with all states to restore.
 */
final class ScaleBench {
    private static final int RULES = 1_000;
    /** Devices, of three points each. */
    private static final int HUNDRED_THOUSAND_POINTS = 33_334;

    /** Degrees at which no rule runs yet. */
    private static final int HOT = 25;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What the house says of its journal at the start, in its log. */
    private static final Pattern RESTORED = Pattern.compile("Restored (\\d+) states, .* in (\\d+) ms");

    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();
    private int starts;

    ScaleBench(Options options) throws IOException {
        this.options = options;
        report = new Report("scale");
    }

    Report run() throws IOException {
        int only = options.number("devices", 0);
        try (Mosquitto broker = new Mosquitto(options.work())) {
            if (only != HUNDRED_THOUSAND_POINTS) {
                measure(broker, 10_000);
            }
            if (!options.isShort() || only == HUNDRED_THOUSAND_POINTS) {
                measure(broker, HUNDRED_THOUSAND_POINTS);
            }
        }
        samples.mediansTo(report);
        if (samples.has("10000 devices, again")) {
            report.goal(
                    "10,000 devices, 1,000 rules: first rule answered ≤ 4 s after start",
                    samples.median("10000 devices, again", "s to first answer") <= 4);
            report.goal("10,000 devices, 1,000 rules: ≤ 350 MB", samples.max("10000 devices, again", "RSS MB") <= 350);
        }
        if (samples.has("33334 devices, again")) {
            report.goal(
                    "100,000 points restored in ≤ 3 s",
                    samples.median("33334 devices, again", "states") >= 100_000
                            && samples.max("33334 devices, again", "s to restore") <= 3);
        }
        return report;
    }

    private void measure(Mosquitto broker, int devices) throws IOException {
        Path home = Homes.fresh(options.work().resolve("scale-home"));
        Files.writeString(home.resolve("devices/broker.yaml"), Homes.broker(broker.port(), "3.1.1"));
        Files.writeString(home.resolve("devices/sensors.yaml"), sensors(devices));
        Files.writeString(home.resolve("rules/bench.rules"), rules());
        start(broker, home, devices + " devices, first", devices);
        int rounds = options.number("rounds", options.isShort() ? 2 : 5);
        for (int i = 0; i < rounds; i++) {
            start(broker, home, devices + " devices, again", devices);
        }
    }

    private static String sensors(int devices) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < devices; i++) {
            text.append(Homes.topics(
                    "S" + i,
                    "points",
                    "{name: temperature, topic: scale/" + i + "/temperature, unit: °C}",
                    "{name: humidity, topic: scale/" + i + "/humidity, unit: '%'}",
                    "{name: setpoint, topic: scale/" + i + "/setpoint, command: scale/" + i
                            + "/setpoint/set, unit: °C}"));
        }
        return text.toString();
    }

    private static String rules() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < RULES; i++) {
            text.append(
                    """
                    rule "Cool %1$d"
                      when S%1$d.temperature becomes > 25 °C
                    do
                      set S%1$d.setpoint = S%1$d.temperature
                    end
                    """
                            .formatted(i));
        }
        return text.toString();
    }

    private void start(Mosquitto broker, Path home, String row, int devices) throws IOException {
        AtomicLong answered = new AtomicLong();
        // Another one each time: a device is told again what it missed in an earlier start, and that is no answer.
        String hot = Integer.toString(HOT + ++starts);
        byte[] answer = hot.getBytes(StandardCharsets.UTF_8);
        try (MqttLink link = new MqttLink(broker.port(), "scale", (b, t, tl, p, pl, nanos) -> {
                    if (Arrays.equals(b, p, p + pl, answer, 0, answer.length)) {
                        answered.compareAndSet(0, nanos);
                    }
                });
                House house = House.start(
                        options.distribution(),
                        home,
                        "core,rules,mqtt",
                        options.value("java").orElse(devices > 10_000 ? "-Xmx512m" : "-Xmx256m"))) {
            link.subscribe("scale/+/setpoint/set");
            long start = house.child().startNanos();
            for (int i = 0; answered.get() == 0; i++) {
                // Up and down, so that whenever it listens the next crossing comes soon.
                link.publish("scale/" + (i / 2 % RULES) + "/temperature", i % 2 == 0 ? "20" : hot);
                if (i % 20 == 19) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                    house.pid();
                }
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IOException(
                            "no rule answers; see " + house.child().log());
                }
            }
            double seconds = (answered.get() - start) / 1e9;
            restored(house, row);
            double ready = house.awaitReady(PATIENCE) / 1e9;
            double cpu = ProcessStat.cpuNanos(house.pid()) / 1e9;
            everyPoint(link, devices);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
            double resident = ProcessStat.residentBytes(house.pid()) / 1e6;
            samples.add(row, "s to first answer", seconds);
            samples.add(row, "s to /health", ready);
            samples.add(row, "CPU s", cpu);
            samples.add(row, "RSS MB", resident);
            System.out.printf(
                    Locale.ROOT,
                    "%-24s first answer %.2f s  /health %.2f s  %.2f CPU-s  %.0f MB after all points reported%n",
                    row,
                    seconds,
                    ready,
                    cpu,
                    resident);
        }
    }

    /** Takes the last such line: the log holds those of earlier starts too. */
    private void restored(House house, String row) throws IOException {
        Matcher line = RESTORED.matcher(Files.readString(house.child().log()));
        double states = 0;
        double millis = 0;
        while (line.find()) {
            states = Double.parseDouble(line.group(1));
            millis = Double.parseDouble(line.group(2));
        }
        samples.add(row, "states", states);
        samples.add(row, "s to restore", millis / 1e3);
    }

    /** So that there is a state of each point to restore. */
    private static void everyPoint(MqttLink link, int devices) throws IOException {
        for (int i = 0; i < devices; i++) {
            link.publish("scale/" + i + "/temperature", "21." + i % 10);
            link.publish("scale/" + i + "/humidity", "4" + i % 10);
            link.publish("scale/" + i + "/setpoint", "2" + i % 10);
            if (i % 100 == 99) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }
}
