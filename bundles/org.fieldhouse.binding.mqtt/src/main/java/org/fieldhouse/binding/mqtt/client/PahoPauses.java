package org.fieldhouse.binding.mqtt.client;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Shortens the way up and down of Paho's clients, of both versions. Their {@code CommsReceiver}, {@code CommsSender} and {@code CommsCallback} look every 100 ms whether
 * their thread has come up, or has ended, and the threads need far less: a connection that is handed over would rest for 0.6 s. They
 * take an interruption as the end of the sleep and look again (1.2.5), so it is ended as soon as it is seen.
 */
final class PahoPauses {
    private static final long LOOK_MILLIS = 2;
    /** A connection that is not up after that waits for the broker. */
    private static final long IMPATIENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Set<String> LOOKING = Set.of("start", "stop");

    private PahoPauses() {}

    /**
     * Waits for the answer to a connect, and until the thread that connects has ended: it waits for threads that are up, and if the
     * client is closed before it has seen them it does so for ever.
     */
    static <T> T await(CompletableFuture<T> answer, String clientId, long millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < Math.min(IMPATIENT_NANOS, TimeUnit.MILLISECONDS.toNanos(millis))) {
            boolean answered = answersWithin(answer, LOOK_MILLIS);
            boolean starting = end("MQTT Con: " + clientId);
            if (answered && !starting) {
                return answer.get();
            }
        }
        return answer.get(millis, TimeUnit.MILLISECONDS);
    }

    /** Runs what stops Paho, on a thread of its own, and returns once it has. */
    static void during(Runnable stop) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(stop, null);
        Thread thread = new Thread(task, "mqtt-hand-over");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        while (!answersWithin(task, LOOK_MILLIS)) {
            end(thread);
        }
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static boolean answersWithin(Future<?> answer, long millis) throws InterruptedException {
        try {
            answer.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /** Whether there is such a thread. */
    private static boolean end(String name) {
        boolean found = false;
        Thread[] threads = new Thread[2 * Thread.activeCount()];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (name.equals(threads[i].getName())) {
                found = true;
                end(threads[i]);
            }
        }
        return found;
    }

    private static void end(Thread thread) {
        if (thread.getState() == Thread.State.TIMED_WAITING && isLooking(thread.getStackTrace())) {
            thread.interrupt();
        }
    }

    /** Whether the frame that sleeps is one of those three classes'. */
    static boolean isLooking(StackTraceElement[] stack) {
        int at = 0;
        while (at < stack.length && stack[at].getClassName().equals("java.lang.Thread")) {
            at++;
        }
        return at > 0
                && at < stack.length
                && stack[at].getClassName().startsWith("org.eclipse.paho.")
                && stack[at].getClassName().contains(".internal.Comms")
                && LOOKING.contains(stack[at].getMethodName());
    }
}
