package org.fieldhouse.rules.engine;

/** Takes what the engine wants done, in order, while it steps. Must not call the engine. */
@FunctionalInterface
public interface Outputs {
    void put(Output output);
}
