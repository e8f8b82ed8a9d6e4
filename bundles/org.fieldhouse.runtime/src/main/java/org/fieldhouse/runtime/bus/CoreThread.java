package org.fieldhouse.runtime.bus;

/** A thread that the bus itself waits for; so it never waits for the bus. */
public final class CoreThread extends Thread {
    public CoreThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    static boolean isCurrent() {
        return Thread.currentThread() instanceof CoreThread;
    }
}
