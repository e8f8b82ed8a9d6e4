package org.fieldhouse.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.demo.sim.FrameLog.Frame;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final DeviceId MOTION = new DeviceId("m");
    private static final DeviceId LIGHT = new DeviceId("l");
    private static final Cause RULE =
            new Cause(1, Cause.Origin.RULE, "Hall light", new Cause.RuleRef("Hall light", "rules/hall.rules", 3));

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();
    private final LiveView view = new LiveView(
            new Sheet(new PrintStream(written, true, StandardCharsets.UTF_8), false, 100),
            new Wording(new Hall()),
            sequence -> Optional.empty(),
            (device, micros, part) -> device.equals("Hall.Motion")
                    ? Optional.of(new Frame("zigbee2mqtt/Hall/Motion", "{\"occupancy\":true}", micros - 200))
                    : Optional.empty(),
            nanos::get);

    @Test
    void writesAChainFromFrameToConfirmation() {
        view.begin(() -> {});
        view.onEvent(changed(1, 1_000_000));
        view.onEvent(accepted(2, 1_000_400, 7));
        view.onEvent(new Event(3, 1_002_300, Cause.RUNTIME, new Fact.CommandEnded(7, CommandResult.CONFIRMED)));
        later();

        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("frame    zigbee2mqtt/Hall/Motion {\"occupancy\":true}"),
                        line -> assertThat(line).isEqualTo("     +0.2 ms  event    Hall.Motion.occupancy  off → on"),
                        line -> assertThat(line).isEqualTo("     +0.5 ms  rule     \"Hall light\"  rules/hall.rules:3"),
                        line -> assertThat(line).isEqualTo("     +0.6 ms  command  Hall.Light.onoff = on"),
                        line -> assertThat(line).isEqualTo("     +2.5 ms  ✓        confirmed"));
    }

    @Test
    void tellsTheEndOfASlowCommandByItself() {
        view.begin(() -> {});
        view.onEvent(changed(1, 1_000_000));
        view.onEvent(accepted(2, 1_000_400, 7));
        nanos.addAndGet(9_000_000_000L);
        view.flush();
        view.onEvent(
                new Event(3, 11_000_000, Cause.RUNTIME, new Fact.CommandEnded(7, CommandResult.failed("no answer"))));

        assertThat(lines()).last().asString().endsWith("✗        Hall.Light.onoff = on  failed: no answer");
    }

    @Test
    void countsReportsThatLeadToNothingAndIsSilentBeforeItsHeading() {
        view.onEvent(accepted(2, 1_000_400, 7));
        view.begin(() -> {});
        view.onEvent(changed(5, 1_000_000));
        later();

        assertThat(lines()).isEmpty();
        assertThat(view.sum().events()).isEqualTo(1);
    }

    @Test
    void saysThatAPointCannotBeTrusted() {
        view.begin(() -> {});
        view.onEvent(new Event(
                1,
                1_000_000,
                Cause.device(MOTION),
                new Fact.StateChanged(
                        point(MOTION, "occupancy"), state(false), state(false).withQuality(Quality.BAD, 1))));

        assertThat(lines()).singleElement().asString().contains("quality").endsWith("off → off (bad)");
    }

    /** Who drops a file into deploy/ looks at this terminal; the cure stands at the end, so a refusal is not cut. */
    @Test
    void saysWhatWasInstalledAndWhyWhatWasRefused() {
        String reason = "[F004] acme 1.0.0: is not signed. " + "…".repeat(100)
                + " allow this one file: trust:allow 4a8e acme WHY";
        view.begin(() -> {});
        view.onEvent(audit(1, "feature.refused", "install deploy/acme.jar", reason));
        view.onEvent(audit(2, "feature.changed", "install deploy/acme.jar", "install bundle acme 1.0.0"));
        view.onEvent(audit(3, "trust.allow", "4a8e", "tried"));

        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("refused  install deploy/acme.jar"),
                        line -> assertThat(line).endsWith(reason),
                        line -> assertThat(line)
                                .endsWith("bundles  install deploy/acme.jar: install bundle acme 1.0.0"));
    }

    private static Event audit(long sequence, String action, String subject, String detail) {
        return new Event(sequence, 1_000_000, Cause.RUNTIME, new Fact.AuditRecorded(action, subject, detail));
    }

    /** Whatever happens, the view keeps a bounded number of chains. */
    @Test
    void writesTheOldestWhenTooManyAreOpen() {
        view.begin(() -> {});
        for (int i = 0; i < 1_000; i++) {
            view.onEvent(new Event(
                    10 + i,
                    1_000_000 + i,
                    new Cause(0, Cause.Origin.RULE, "r", null),
                    new Fact.CommandAccepted(command(i, Cause.CLOCK))));
        }
        assertThat(lines().stream().filter(line -> line.contains("command"))).hasSizeGreaterThan(900);
    }

    private void later() {
        nanos.addAndGet(1_000_000_000L);
        view.flush();
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static Event changed(long sequence, long micros) {
        return new Event(
                sequence,
                micros,
                Cause.device(MOTION),
                new Fact.StateChanged(point(MOTION, "occupancy"), state(false), state(true)));
    }

    private static Event accepted(long sequence, long micros, long command) {
        return new Event(sequence, micros, RULE, new Fact.CommandAccepted(command(command, RULE)));
    }

    private static Command command(long id, Cause cause) {
        return new Command(
                id, new Request.SetPoint(point(LIGHT, "onoff"), Bool.ON, 12, null, Map.of()), cause, 1_000_300, 0);
    }

    private static State state(boolean on) {
        return new State(Bool.of(on), Quality.GOOD, 1, 1);
    }

    private static PointId point(DeviceId device, String point) {
        return new PointId(device, point);
    }

    private static final class Hall implements House {
        private final HouseModel model = new HouseModel(List.of(
                device(MOTION, "Hall.Motion", PointSpec.state("occupancy", ValueSpec.ON_OFF)),
                device(LIGHT, "Hall.Light", PointSpec.control("onoff", ValueSpec.ON_OFF))));

        private static DeviceInfo device(DeviceId id, String name, PointSpec point) {
            return new DeviceInfo(
                    id, name, "mqtt", null, "", Set.of(), DeviceDescription.of("test", point), Status.ONLINE);
        }

        @Override
        public HouseModel model() {
            return model;
        }

        @Override
        public State state(PointId point) {
            return State.NONE;
        }

        @Override
        public PriorityArray priorities(PointId point) {
            return PriorityArray.EMPTY;
        }

        @Override
        public List<Candidate> candidates() {
            return List.of();
        }
    }
}
