package org.fieldhouse.benchmarks.proof;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.StateInput;
import org.fieldhouse.rules.engine.StateOutput;
import org.fieldhouse.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;

/**
 * The runtime in a process of its own, to be killed with SIGKILL. The world stays outside: what the process asked of an actuator
 * before it died was asked. Frames over standard input and output: a length and what {@link StateOutput} writes.
 */
final class ChildPlant implements Plant {
    private static final int ASKED = 1;
    private static final int DONE = 2;

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final List<Asked> asked = new ArrayList<>();
    private long known;
    private long nextWake;

    /** @param dieAfterNanos whether up by then or not; 0 to live on */
    ChildPlant(Path folder, long micros, long dieAfterNanos) throws IOException, Killed {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildPlant.class.getName(),
                        folder.toString(),
                        Long.toString(micros))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (dieAfterNanos > 0) {
            killAfter(dieAfterNanos);
        }
        out = new DataOutputStream(process.getOutputStream());
        in = new DataInputStream(process.getInputStream());
        StateInput answer = answer();
        known = answer.number();
        nextWake = answer.number();
    }

    /** Kills it in so many nanoseconds, whatever it is doing then. */
    void killAfter(long nanos) {
        long end = System.nanoTime() + nanos;
        Thread killer = new Thread(
                () -> {
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(end - System.nanoTime());
                    }
                    kill();
                },
                "killer");
        killer.setDaemon(true);
        killer.start();
    }

    /** Kills it, at once and for good. Any thread. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public long known() {
        return known;
    }

    @Override
    public long nextWake() {
        return nextWake;
    }

    @Override
    public Answer step(long micros, List<Said> said) throws Killed {
        try {
            StateOutput frame = new StateOutput();
            frame.number(micros);
            frame.small(said.size());
            for (Said each : said) {
                write(frame, each);
            }
            send(out, frame);
        } catch (IOException e) {
            // It is dead; what it had asked is still to be read.
        }
        try {
            StateInput answer = answer();
            known = answer.number();
            nextWake = answer.number();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Asked> all = List.copyOf(asked);
        asked.clear();
        return new Answer(all, nextWake);
    }

    /** Reads what it asks until it says that it is done. */
    private StateInput answer() throws Killed {
        try {
            while (true) {
                StateInput frame = receive(in);
                if (frame.small() == DONE) {
                    return frame;
                }
                asked.add(new Asked(PointId.of(frame.text(), frame.text()), frame.small(), frame.value()));
            }
        } catch (IOException e) {
            kill();
            throw new Killed(asked);
        }
    }

    private static void write(StateOutput frame, Said said) throws IOException {
        if (said instanceof Reported report) {
            frame.small(1);
            frame.text(report.point().device().value());
            frame.text(report.point().point());
            frame.value(report.value());
        } else if (said instanceof Signalled signal) {
            frame.small(2);
            frame.text(signal.device().value());
            frame.text(signal.event());
            frame.number(signal.id());
        } else if (said instanceof Acted act) {
            frame.small(3);
            frame.text(act.alarm());
            frame.text(act.act());
            frame.number(act.id());
        }
    }

    private static Said read(StateInput frame) throws IOException {
        int kind = frame.small();
        String first = frame.text();
        String second = frame.text();
        if (kind != 1) {
            long id = frame.number();
            return kind == 2 ? new Signalled(new DeviceId(first), second, id) : new Acted(first, second, id);
        }
        @Nullable Value value = frame.value();
        if (value == null) {
            throw new IOException("a report without a value");
        }
        return new Reported(PointId.of(first, second), value);
    }

    private static void send(DataOutputStream to, StateOutput frame) throws IOException {
        byte[] bytes = frame.toBytes();
        synchronized (to) {
            to.writeInt(bytes.length);
            to.write(bytes);
            to.flush();
        }
    }

    private static StateInput receive(DataInputStream from) throws IOException {
        byte[] bytes = new byte[from.readInt()];
        from.readFully(bytes);
        return new StateInput(bytes);
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- in the child

    /** {@code folder micros}. */
    public static void main(String[] args) throws Exception {
        DataOutputStream out = new DataOutputStream(System.out);
        System.setOut(new PrintStream(System.err, true));
        DataInputStream in = new DataInputStream(System.in);
        SqliteStore store = new SqliteStore(Path.of(args[0]), Clock.systemUTC());
        RuleSet rules = RuleSet.of(RuleSet.resource("day.rules"));
        LocalPlant plant =
                new LocalPlant(rules, store, () -> false, Long.parseLong(args[1]), asked -> tell(out, asked));
        done(out, plant.known(), plant.nextWake());
        while (true) {
            StateInput frame = receive(in); // ends with the parent's pipe
            long micros = frame.number();
            List<Said> said = new ArrayList<>();
            for (int i = frame.count(); i > 0; i--) {
                said.add(read(frame));
            }
            Answer answer = plant.step(micros, said);
            done(out, plant.known(), answer.nextWake());
        }
    }

    private static void tell(DataOutputStream out, Asked asked) {
        try {
            StateOutput frame = new StateOutput();
            frame.small(ASKED);
            frame.text(asked.point().device().value());
            frame.text(asked.point().point());
            frame.small(asked.slot());
            frame.value(asked.value());
            send(out, frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void done(DataOutputStream out, long known, long nextWake) throws IOException {
        StateOutput frame = new StateOutput();
        frame.small(DONE);
        frame.number(known);
        frame.number(nextWake);
        send(out, frame);
    }
}
