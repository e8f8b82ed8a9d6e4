package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.MqttLink;
import org.fieldhouse.benchmarks.subject.Homes;
import org.fieldhouse.benchmarks.subject.House;

/**
 * SIGKILL at random instants while telemetry flows and buttons are pressed. A press makes its rule act twice, with a wait of 1 s
 * between: it publishes the press's number as {@code ack}, and later as {@code dose}. Publishing may not be repeated, so it leaves after
 * its record is on disk. Hence for each number:
 *
 * <ul>
 *   <li>neither ack nor dose is ever seen twice;
 *   <li>whose ack was seen, that press is on disk, and so is the rule's wait: its dose comes, after however many restarts,
 *       or its command ended as unknown because a kill cut it off between disk and broker, or as failed with the reason
 *       (broker away, device behind). Nothing ends without a word.
 * </ul>
 */
final class KillBench {
    private static final String ACK = "kill/ack";
    private static final String DOSE = "kill/dose";
    private static final int BUTTONS = 10;
    private static final int SENSORS = 50;
    private static final int RATE = 500;
    private static final long PRESS_MILLIS = 10;
    /** A quarter of the lives end before the usual first answer, the others until that long after their own first answer. */
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int EARLY = 4;

    private final Options options;
    private final Report report;
    private final Ledger acks = new Ledger();
    private final Ledger doses = new Ledger();
    private volatile boolean stop;
    /** Written by one thread at a time. */
    private volatile int pressed;

    KillBench(Options options) throws IOException {
        this.options = options;
        report = new Report("kill");
    }

    Report run() throws IOException {
        int kills = options.number("kills", options.isShort() ? 10 : 200);
        long seed = options.number("seed", 1);
        Random random = new Random(seed);
        try (Mosquitto broker = new Mosquitto(options.work());
                MqttLink link = new MqttLink(broker.port(), "kill", MqttLink.Receiver.ofText(this::heard))) {
            link.subscribe(ACK);
            link.subscribe(DOSE);
            Path home = home(broker.port());
            prepare(home, link);
            long ready = prepare(home, link);
            Thread presser = new Thread(() -> pressOn(link), "presser");
            presser.setDaemon(true);
            presser.start();
            int answering = 0;
            try (Telemetry telemetry = new Telemetry(broker.port(), "fieldhouse/in/", SENSORS, RATE)) {
                for (int i = 0; i < kills; i++) {
                    boolean early = random.nextInt(EARLY) == 0;
                    long life = (long) (random.nextDouble() * (early ? ready : LIFE_NANOS));
                    answering += live(home, life, early, i) ? 1 : 0;
                }
                stop = true;
                try (House house = start(home)) {
                    house.awaitReady(Duration.ofMinutes(1));
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(8));
                }
                report.put("kill", "telemetry sent", telemetry.sent());
            }
            judge(home, kills, answering);
        }
        return report;
    }

    private Path home(int port) throws IOException {
        Path home = Homes.fresh(options.work().resolve("kill-home"));
        StringBuilder devices = new StringBuilder(Homes.broker(port, "3.1.1"));
        devices.append(Homes.sensors("fieldhouse", SENSORS));
        StringBuilder rules = new StringBuilder(Homes.copyRules(0, SENSORS, ""));
        for (int i = 0; i < BUTTONS; i++) {
            devices.append(Homes.topics(
                    "B" + i, "events", "{name: pressed, topic: kill/button/" + i + ", arguments: [{name: n}]}"));
            rules.append(
                    """
                    rule "Dose %1$d"
                      when B%1$d pressed
                      mode parallel 1000
                      after outage fire
                    do
                      call Broker.publish(topic: "kill/ack", payload: "{event.n}")
                      wait 1 s
                      call Broker.publish(topic: "kill/dose", payload: "{event.n}")
                    end
                    """
                            .formatted(i));
        }
        Files.writeString(home.resolve("devices/bench.yaml"), devices);
        Files.writeString(home.resolve("rules/bench.rules"), rules);
        return home;
    }

    /**
     * A start and a clean stop: the first makes the class data archive and learns what the devices are. Returns how long after exec the
     * first answer came, ns.
     */
    private long prepare(Path home, MqttLink link) throws IOException {
        try (House house = start(home)) {
            long before = acks.different();
            while (acks.different() == before) {
                press(link);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PRESS_MILLIS));
                if (System.nanoTime() - house.child().startNanos() > TimeUnit.MINUTES.toNanos(3)) {
                    throw new IOException(
                            "no rule answers; see " + house.child().log());
                }
                house.pid();
            }
            return System.nanoTime() - house.child().startNanos();
        }
    }

    private House start(Path home) throws IOException {
        return House.start(options.distribution(), home, "core,rules,mqtt", "");
    }

    private void heard(String topic, String payload) {
        (topic.equals(ACK) ? acks : doses).add(Long.parseLong(payload));
    }

    private void press(MqttLink link) throws IOException {
        int n = pressed;
        link.publish("kill/button/" + n % BUTTONS, Integer.toString(n));
        pressed = n + 1;
    }

    private void pressOn(MqttLink link) {
        try {
            while (!stop) {
                press(link);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PRESS_MILLIS));
            }
        } catch (IOException e) {
            System.err.println("presses ended: " + e.getMessage());
        }
    }

    /** One life, killed that long after exec or else after its first answer. Whether it had come as far as answering before. */
    private boolean live(Path home, long nanos, boolean fromExec, int number) throws IOException {
        long answersBefore = acks.different();
        House house = start(home);
        try {
            long from = house.child().startNanos();
            while (!fromExec && acks.different() == answersBefore) {
                step(house);
                if (System.nanoTime() - house.child().startNanos() > TimeUnit.MINUTES.toNanos(3)) {
                    throw new IOException(
                            "no rule answers any more; see " + house.child().log());
                }
                from = System.nanoTime();
            }
            while (System.nanoTime() - from < nanos) {
                step(house);
            }
        } finally {
            house.kill();
        }
        boolean answered = acks.different() > answersBefore;
        if (number % 10 == 9) {
            System.out.printf(
                    "%d kills: %d presses, %d acknowledged, %d doses%n",
                    number + 1, pressed, acks.different(), doses.different());
        }
        return answered;
    }

    private static void step(House house) {
        house.pid(); // throws if it ended by itself
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }

    private void judge(Path home, int kills, int answering) throws IOException {
        JournalAudit journal = JournalAudit.of(home);
        long forgotten = 0;
        long unknown = 0;
        long failed = 0;
        long missing = 0;
        long commandedTwice = 0;
        for (int n = 0; n < pressed; n++) {
            if (journal.commands(ACK, n) > 1 || journal.commands(DOSE, n) > 1) {
                commandedTwice++;
            }
            if (acks.count(n) == 0) {
                continue;
            }
            if (!journal.hasPress(n)) {
                forgotten++;
            }
            if (doses.count(n) == 0) {
                if (journal.ended(DOSE, n, CommandResult.Outcome.UNKNOWN)) {
                    unknown++;
                } else if (journal.ended(DOSE, n, CommandResult.Outcome.FAILED)) {
                    failed++;
                } else {
                    missing++;
                }
            }
        }
        report.put("kill", "kills", kills);
        report.put("kill", "after the first answer", answering);
        report.put("kill", "presses", pressed);
        report.put("kill", "acknowledged", acks.different());
        report.put("kill", "doses", doses.different());
        report.put("kill", "unknown", unknown);
        report.put("kill", "failed", failed);
        report.put("kill", "lost", missing + forgotten);
        report.put("kill", "twice", acks.repeated() + doses.repeated());
        report.put("kill", "events", journal.events());
        report.goal("nothing acknowledged is missing", forgotten == 0);
        report.goal(
                "no timer is lost: each acknowledged press has its dose, or a command that ended unknown or failed",
                missing == 0);
        report.goal("nothing unrepeatable happened twice", acks.repeated() + doses.repeated() + commandedTwice == 0);
        report.goal("the journal opened each time, and all of it can be read", journal.unreadable() == 0);
    }
}
