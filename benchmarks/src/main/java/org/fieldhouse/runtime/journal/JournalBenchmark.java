package org.fieldhouse.runtime.journal;

import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Encoding and decoding of 1,000 changes of 100 points, per event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx256m", "-XX:+UseSerialGC"})
public class JournalBenchmark {
    private static final int EVENTS = 1_000;

    private final Event[] events = new Event[EVENTS];
    private final BlockWriter writer = new BlockWriter();
    private byte[] encoded = {};

    @Setup
    public void fill() {
        org.fieldhouse.api.model.State[] before = new org.fieldhouse.api.model.State[100];
        for (int i = 0; i < EVENTS; i++) {
            int n = i % 100;
            DeviceId device = new DeviceId("zigbee:0x00158d00045b" + n / 3);
            long micros = 1_700_000_000_000_000L + i * 1_000L;
            var was = before[n] == null ? org.fieldhouse.api.model.State.NONE : before[n];
            var is = new org.fieldhouse.api.model.State(
                    new Quantity(2_000 + i % 731 / 100.0, Units.CELSIUS), Quality.GOOD, micros - 2, micros - 2);
            before[n] = is;
            events[i] = new Event(
                    i + 1,
                    micros,
                    Cause.device(device),
                    new Fact.StateChanged(new PointId(device, "p" + n % 3), was, is));
        }
        encoded = encode().data();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public JournalBlock encode() {
        for (Event event : events) {
            writer.add(event);
        }
        return writer.build();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decode(Blackhole hole) {
        new BlockReader(encoded).read(event -> {
            hole.consume(event);
            return true;
        });
    }
}
