package org.fieldhouse.runtime.command;

import java.util.concurrent.CompletableFuture;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.model.PointSpec.Feedback;
import org.jspecify.annotations.Nullable;

/** A command that has not ended. Guarded by its device's monitor, but for the future. */
final class Pending {
    final Command command;
    final CompletableFuture<CommandResult> ended = new CompletableFuture<>();
    /** How the device will say that it is done. */
    final Feedback feedback;
    /** Handed to the device. */
    boolean handed;
    /** Its end is decided. */
    boolean over;
    /** When it ends as TIMED_OUT, {@link org.fieldhouse.runtime.bus.Ingress#steadyMicros steady}. */
    final long deadlineMicros;

    Pending(Command command, Feedback feedback, long deadlineMicros) {
        this.command = command;
        this.feedback = feedback;
        this.deadlineMicros = deadlineMicros;
    }

    /** The point that a newer command takes over; null for actions, which each stand for themselves. */
    @Nullable
    String point() {
        return command.request() instanceof org.fieldhouse.api.command.Request.SetPoint set
                ? set.point().point()
                : null;
    }
}
