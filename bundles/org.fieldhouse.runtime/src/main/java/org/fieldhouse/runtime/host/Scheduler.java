package org.fieldhouse.runtime.host;

import java.time.Duration;
import org.fieldhouse.api.binding.DeviceContext.Cancellable;

/** Runs something short after a while. Tests move its time by hand. */
@FunctionalInterface
public interface Scheduler {
    Cancellable after(Duration delay, Runnable task);
}
