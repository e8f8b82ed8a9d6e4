package org.fieldhouse.benchmarks.bus;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusAlone;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.bus.Mailbox;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Events per second from one producer to all its WAIT subscribers, each with its own thread. {@code journal=encode} encodes and
 * checksums every event into a store that keeps nothing; {@code none} skips the journal altogether.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
public class BusBenchmark {
    static final int CAPACITY = 16_384;

    @Param({"1", "4"})
    public int subscribers;

    @Param({"none", "encode"})
    public String journal = "none";

    private final Value[] values = new Value[1_024];
    private final String[] points = new String[1_000];
    private final Fact fact = new Fact.TimerElapsed(1);
    private Target target = Target.of(new BusAlone());
    private Mailbox mailbox = target.mailbox(new DeviceId("none"));
    private int next;

    /** What came out, beside what was put in: reports coalesce while the subscribers are behind. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Sequenced {
        public long events;
        long before;
    }

    @Setup(Level.Trial)
    public void start() {
        target = journal.equals("none") ? Target.of(new BusAlone()) : Target.of(newBus());
        mailbox = target.mailbox(new DeviceId("plc"));
        for (int i = 0; i < points.length; i++) {
            points[i] = "p" + i;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = new Quantity(i / 10.0, Units.CELSIUS);
        }
        for (int i = 0; i < subscribers; i++) {
            long[] sum = new long[1];
            target.subscribe("s" + i, event -> sum[0] += event.sequence());
        }
    }

    private static Bus newBus() {
        return new Bus(BusSettings.DEFAULT, new NullStore(), Clock.systemUTC(), System::nanoTime);
    }

    @TearDown(Level.Trial)
    public void stop() {
        target.stop();
    }

    @Benchmark
    public void publish() {
        target.publish(fact, Cause.CLOCK);
    }

    @Benchmark
    public void report(Sequenced sequenced) {
        int i = next++;
        mailbox.report(points[i % 1_000], values[i & 1_023], Quality.GOOD, 0);
        if ((i & 1_023) == 0) {
            long now = target.lastSequence();
            if (sequenced.before != 0) {
                sequenced.events += now - sequenced.before;
            }
            sequenced.before = now;
        }
    }

    /** The two that are measured, as one. */
    interface Target {
        void publish(Fact fact, Cause cause);

        Mailbox mailbox(DeviceId device);

        void subscribe(String name, EventHandler handler);

        long lastSequence();

        void stop();

        static Target of(Bus bus) {
            return new Target() {
                @Override
                public void publish(Fact fact, Cause cause) {
                    bus.publish(fact, cause);
                }

                @Override
                public Mailbox mailbox(DeviceId device) {
                    return bus.mailbox(device);
                }

                @Override
                public void subscribe(String name, EventHandler handler) {
                    bus.subscribe(name, Overflow.WAIT, CAPACITY, handler);
                }

                @Override
                public long lastSequence() {
                    return bus.lastSequence();
                }

                @Override
                public void stop() {
                    bus.stop();
                }
            };
        }

        static Target of(BusAlone bus) {
            return new Target() {
                @Override
                public void publish(Fact fact, Cause cause) {
                    bus.publish(fact, cause);
                }

                @Override
                public Mailbox mailbox(DeviceId device) {
                    return bus.mailbox(device);
                }

                @Override
                public void subscribe(String name, EventHandler handler) {
                    bus.subscribe(name, CAPACITY, handler);
                }

                @Override
                public long lastSequence() {
                    return bus.lastSequence();
                }

                @Override
                public void stop() {
                    bus.close();
                }
            };
        }
    }
}
