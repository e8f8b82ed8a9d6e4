package org.fieldhouse.runtime.bus;

/** A thread that the bus itself waits for; so it never waits for the bus. */
public final class CoreThread extends Thread {
    /** How deep a thread of somebody else is in the work of one. */
    private static final ThreadLocal<int[]> LENT = ThreadLocal.withInitial(() -> new int[1]);

    public CoreThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    static boolean isCurrent() {
        return Thread.currentThread() instanceof CoreThread || LENT.get()[0] > 0;
    }

    /** The calling thread does a core thread's work, until {@link #giveBack}. */
    static void lend() {
        LENT.get()[0]++;
    }

    static void giveBack() {
        LENT.get()[0]--;
    }
}
