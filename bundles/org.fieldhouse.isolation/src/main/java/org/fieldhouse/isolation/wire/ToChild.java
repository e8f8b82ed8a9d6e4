package org.fieldhouse.isolation.wire;

import java.util.Map;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/**
 * What the house says. A {@code call} is a number of the house's, increasing, that the answer bears; a {@code device} is the number of the
 * {@link Create} that made it.
 */
public sealed interface ToChild {
    /**
     * A configuration, before {@link Start} and whenever it changes.
     *
     * @param factory PID of the factory; empty for a single configuration, whose PID is {@code name}
     * @param name within the factory
     * @param values null if it is gone
     */
    record Configure(String factory, String name, @Nullable Map<String, @Nullable Object> values) implements ToChild {}

    /** All configurations are there: start the bundles; answered by {@link FromChild.Started}. */
    record Start() implements ToChild {}

    /**
     * Make a device; answered by {@link FromChild.Created}, {@link FromChild.Refused} or {@link FromChild.Failed}.
     *
     * @param binding the number that {@link FromChild.Bound} said
     * @param secrets by name; of the environment as {@code env:NAME}
     */
    record Create(
            long call,
            int binding,
            DeviceId id,
            String name,
            String type,
            @Nullable DeviceId bridge,
            Map<String, @Nullable Object> settings,
            Map<String, String> secrets)
            implements ToChild {}

    /**
     * Open a device; {@code call} is the number of the opening.
     *
     * @param bridge number of the device that is its bridge; 0 for none
     */
    record Open(long call, long device, long bridge) implements ToChild {}

    record Handle(long call, long device, Command command) implements ToChild {}

    record Close(long call, long device) implements ToChild {}

    record Quiesce(long call, long device) implements ToChild {}

    /** Answered by {@link FromChild.Given}. */
    record GiveOver(long call, long device) implements ToChild {}

    /** As {@link Open}, with what was left; answered by {@link FromChild.Answer}. */
    record TakeOver(long call, long device, long bridge, int version, byte[] state) implements ToChild {}

    record Link(long call, long device, Verb verb, DirectLink link) implements ToChild {
        /** What to do with the link. */
        public enum Verb {
            PROGRAM,
            REMOVE,
            VERIFY
        }
    }

    /** The house waits for this call no longer: interrupt whoever is at it. */
    record Cancel(long call) implements ToChild {}

    /** Nobody will use this device any more. */
    record Forget(long device) implements ToChild {}

    record Ping(long number) implements ToChild {}

    /** Close everything and end. */
    record Stop() implements ToChild {}
}
