package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.MqttLink;
import org.fieldhouse.benchmarks.load.OpenLoop;
import org.fieldhouse.benchmarks.load.ProcessStat;
import org.fieldhouse.benchmarks.subject.Homes;
import org.fieldhouse.benchmarks.subject.House;

/**
 * More telemetry than can be handled, for minutes, in {@code -Xmx128m}: it is coalesced and counted, memory stays flat, and each button
 * press that comes in between gets its command, in order.
 */
final class OverloadBench {
    private static final int BUTTONS = 10;
    private static final Pattern REPORTS = Pattern.compile("(\\d+) taken in since the start, (\\d+) coalesced");
    private static final long PRESS_MILLIS = 20;

    private final Options options;
    private final Report report;

    OverloadBench(Options options) throws IOException {
        this.options = options;
        report = new Report("overload");
    }

    Report run() throws IOException {
        int seconds = options.number("seconds", options.isShort() ? 20 : 300);
        for (int rate : new int[] {5_000, 50_000}) {
            measure(rate, seconds);
        }
        return report;
    }

    private Path home(int port) throws IOException {
        Path home = Homes.fresh(options.work().resolve("overload-home"));
        StringBuilder devices = new StringBuilder(Homes.broker(port, "3.1.1"));
        devices.append(Homes.sensors("fieldhouse", OpenLoop.TOPICS));
        StringBuilder rules = new StringBuilder(Homes.copyRules(0, OpenLoop.TOPICS, ""));
        for (int i = 0; i < BUTTONS; i++) {
            devices.append(Homes.topics(
                    "B" + i, "events", "{name: pressed, topic: overload/button/" + i + ", arguments: [{name: n}]}"));
            rules.append(
                    """
                    rule "Button %1$d"
                      when B%1$d pressed
                    do
                      call Broker.publish(topic: "overload/pressed/%1$d", payload: "{event.n}")
                    end
                    """
                            .formatted(i));
        }
        Files.writeString(home.resolve("devices/bench.yaml"), devices);
        Files.writeString(home.resolve("rules/bench.rules"), rules);
        return home;
    }

    private void measure(int rate, int seconds) throws IOException {
        List<Ledger> pressed = new ArrayList<>();
        for (int i = 0; i < BUTTONS; i++) {
            pressed.add(new Ledger());
        }
        try (Mosquitto broker = new Mosquitto(options.work());
                MqttLink link = new MqttLink(
                        broker.port(), "overload", MqttLink.Receiver.ofText((topic, payload) -> pressed.get(
                                        topic.charAt(topic.length() - 1) - '0')
                                .add(Long.parseLong(payload))));
                House house =
                        House.start(options.distribution(), home(broker.port()), "core,rules,mqtt,shell", "-Xmx128m")) {
            link.subscribe("overload/pressed/+");
            house.awaitReady(Duration.ofMinutes(1));
            awaitAnswer(link, pressed);
            pressed.forEach(Ledger::clear);
            String row = rate + "/s";
            int presses = 0;
            List<Double> resident = new ArrayList<>();
            long start = System.nanoTime();
            long cpu = ProcessStat.cpuNanos(house.pid());
            long sent;
            try (Telemetry telemetry = new Telemetry(broker.port(), "fieldhouse/in/", OpenLoop.TOPICS, rate)) {
                long nextSample = start;
                while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
                    presses++;
                    link.publish("overload/button/" + presses % BUTTONS, Integer.toString(presses));
                    if (System.nanoTime() >= nextSample) {
                        resident.add(ProcessStat.residentBytes(house.pid()) / 1e6);
                        nextSample += TimeUnit.SECONDS.toNanos(1);
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PRESS_MILLIS));
                }
                telemetry.stop();
                sent = telemetry.sent();
            }
            double elapsed = (System.nanoTime() - start) / 1e9;
            settle(pressed, presses);
            Matcher counters = awaitTraffic(house, sent);
            long reported = Long.parseLong(counters.group(1));
            report.put(row, "sent", sent);
            report.put(row, "reported", reported);
            report.put(row, "coalesced", Long.parseLong(counters.group(2)));
            report.goal(row + ": each message sent is counted as a report", reported == sent);
            report.put(row, "msg/s", sent / elapsed);
            report.put(row, "CPU cores", (ProcessStat.cpuNanos(house.pid()) - cpu) / 1e9 / elapsed);
            report.put(row, "presses", presses);
            report.put(
                    row,
                    "answered",
                    pressed.stream().mapToLong(Ledger::different).sum());
            report.put(row, "RSS MB early", resident.get(resident.size() / 5));
            report.put(row, "RSS MB late", resident.get(resident.size() - 1));
            report.put(row, "RSS MB most", ProcessStat.peakBytes(house.pid()) / 1e6);
            long wrong = pressed.stream()
                    .mapToLong(l -> l.repeated() + l.disordered())
                    .sum();
            report.goal(
                    row + ": all presses answered once and in order",
                    pressed.stream().mapToLong(Ledger::different).sum() == presses && wrong == 0);
            report.goal(
                    row + ": memory flat (late ≤ early + 10 %)",
                    resident.get(resident.size() - 1) <= resident.get(resident.size() / 5) * 1.1);
            System.out.printf(Locale.ROOT, "%s done: %d sent, %d presses%n", row, sent, presses);
        }
    }

    /** Waits while the broker still hands over what it has in store, at most two minutes. */
    private static Matcher awaitTraffic(House house, long sent) throws IOException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            Matcher counters = REPORTS.matcher(house.shell("status"));
            if (!counters.find()) {
                throw new IOException("the house does not tell its counters");
            }
            if (Long.parseLong(counters.group(1)) >= sent || System.nanoTime() > until) {
                return counters;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    /** Presses button 0 with number 0 until its rule answers. */
    private static void awaitAnswer(MqttLink link, List<Ledger> pressed) throws IOException {
        for (int i = 0; i < 1_500; i++) {
            link.publish("overload/button/0", "0");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            if (pressed.get(0).count(0) > 0) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5)); // answers to the other zeros
                return;
            }
        }
        throw new IOException("no rule answers");
    }

    /** Waits while answers come, at most two minutes. */
    private static void settle(List<Ledger> pressed, int presses) {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < until
                && pressed.stream().mapToLong(Ledger::different).sum() < presses) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
