package org.fieldhouse.runtime.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.bus.Ingress;
import org.jspecify.annotations.Nullable;

/**
 * What was found and nobody has accepted. Candidates of a bridge that adopts by itself are gathered for a moment and handed over
 * together, so that ten thousand of them are one edit. Thread-safe.
 */
final class Discovery {
    private static final Duration GATHER = Duration.ofMillis(250);

    private final Ingress ingress;
    private final Scheduler scheduler;
    private final Function<DeviceId, @Nullable HostedDevice> devices;
    private final Consumer<Map<DeviceId, List<Candidate>>> adopter;
    private final Map<DeviceId, Candidate> candidates = new LinkedHashMap<>();
    /** The bridge's id, or the search of a finder. */
    private final Map<DeviceId, Object> offeredBy = new LinkedHashMap<>();

    private boolean gathering;

    /** @param adopter takes candidates to be accepted, by the bridge that offered them; called on the timers' thread */
    Discovery(
            Ingress ingress,
            Scheduler scheduler,
            Function<DeviceId, @Nullable HostedDevice> devices,
            Consumer<Map<DeviceId, List<Candidate>>> adopter) {
        this.ingress = ingress;
        this.scheduler = scheduler;
        this.devices = devices;
        this.adopter = adopter;
    }

    void offer(DeviceId by, Candidate candidate) {
        if (devices.apply(candidate.id()) != null) {
            return;
        }
        HostedDevice bridge = devices.apply(by);
        synchronized (this) {
            offeredBy.put(candidate.id(), by);
            if (!candidate.equals(candidates.put(candidate.id(), candidate)) && bridge != null) {
                bridge.mailbox().publish(new Fact.CandidateFound(candidate), Cause.device(by));
            }
        }
        if (bridge != null && bridge.entry().adoptAll()) {
            gather();
        }
    }

    void withdraw(DeviceId by, DeviceId candidate) {
        synchronized (this) {
            if (by.equals(offeredBy.get(candidate))) {
                forget(candidate, Cause.device(by));
            }
        }
    }

    /**
     * An offer that no device made.
     *
     * @param by who takes it back; compared by identity
     * @return whether it is a candidate now; else it is in the house
     */
    synchronized boolean found(Object by, Candidate candidate) {
        if (devices.apply(candidate.id()) != null) {
            return false;
        }
        offeredBy.put(candidate.id(), by);
        if (!candidate.equals(candidates.put(candidate.id(), candidate))) {
            ingress.mailbox(candidate.id()).publish(new Fact.CandidateFound(candidate), cause(candidate));
        }
        return true;
    }

    synchronized void notFound(Object by, DeviceId candidate) {
        if (offeredBy.get(candidate) == by) {
            Candidate offered = candidates.get(candidate);
            forget(candidate, offered == null ? Cause.RUNTIME : cause(offered));
        }
    }

    private static Cause cause(Candidate candidate) {
        return new Cause(0, Cause.Origin.EXTERNAL, candidate.binding(), null);
    }

    /** A device is in the house: it is no candidate any more. */
    synchronized void accepted(DeviceId device) {
        forget(device, Cause.RUNTIME);
    }

    private void forget(DeviceId candidate, Cause cause) {
        offeredBy.remove(candidate);
        if (candidates.remove(candidate) != null) {
            ingress.mailbox(candidate).publish(new Fact.CandidateGone(candidate), cause);
        }
    }

    /** Soon hands over what waits at bridges that adopt by themselves. */
    void gather() {
        synchronized (this) {
            if (gathering || candidates.isEmpty()) {
                return;
            }
            gathering = true;
        }
        scheduler.after(GATHER, this::handOver);
    }

    private void handOver() {
        Map<DeviceId, List<Candidate>> byBridge = new LinkedHashMap<>();
        synchronized (this) {
            gathering = false;
            candidates.values().forEach(c -> {
                DeviceId by = offeredBy.get(c.id()) instanceof DeviceId id ? id : null;
                HostedDevice bridge = by == null ? null : devices.apply(by);
                if (by != null && bridge != null && bridge.entry().adoptAll()) {
                    byBridge.computeIfAbsent(by, b -> new ArrayList<>()).add(c);
                }
            });
        }
        if (!byBridge.isEmpty()) {
            adopter.accept(byBridge);
        }
    }

    synchronized Optional<Candidate> find(DeviceId id) {
        return Optional.ofNullable(candidates.get(id));
    }

    synchronized List<Candidate> all() {
        return List.copyOf(candidates.values());
    }
}
