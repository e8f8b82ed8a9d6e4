package org.fieldhouse.benchmarks.subject;

import java.io.IOException;

/**
 * A system under test: a process that answers each message on {@code <id>/in/n} with one on {@code <id>/out/n}, for 1,000 values
 * of n. Subjects run side by side on one broker, and only the one that is measured has something to do.
 */
public interface Subject extends AutoCloseable {
    /** Short, and the first level of its topics. */
    String id();

    /** For people. */
    String title();

    /** Starts the process; its answers may still take a while. */
    void start(int brokerPort) throws IOException;

    /** Of the running process. */
    long pid();

    @Override
    void close();
}
