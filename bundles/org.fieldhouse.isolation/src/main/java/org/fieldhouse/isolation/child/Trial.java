package org.fieldhouse.isolation.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.isolation.wire.Setup;

/**
 * A process in which a feature is tried before it is let into the house: its bundles are started once, with nothing of the house around
 * them, and are looked at for a while. What becomes of them is said on the standard output, a line each: the token, a word, and the
 * word's text. Who does not get to {@code passed} has ended this process, or is still in its start.
 *
 * <p>Components that wait for services of the house are made with stand-ins, which answer nothing: what a component does when it is
 * made is most of what a bundle does in its start. That one fails so is no news; that it harms is.
 *
 * <ul>
 *   <li>{@code begun}: the framework runs, what comes now is the feature's doing
 *   <li>{@code at BUNDLE}: its start begins
 *   <li>{@code up}: all of them have been started, or have failed to
 *   <li>{@code wrong TEXT}: one does not start; the house may have what it lacks here
 *   <li>{@code waits TEXT}: a component that was not made, and what it waits for
 *   <li>{@code stopped}: the framework is no longer up, which would be the house's
 *   <li>{@code passed}: they have been up for long enough
 * </ul>
 */
public final class Trial {
    /** What a bundle leaves running shows what it does within that. */
    private static final long STAY_MILLIS = 500;
    /** One that has much of the heap by then is looked at for longer. */
    private static final long LONG_STAY_MILLIS = 5_000;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Setup setup;
    private final PrintStream out;

    private Trial(Setup setup, PrintStream out) {
        this.setup = setup;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Setup setup = Setup.read(in);
        Main.daemon("house", () -> Main.awaitEnd(in));
        // A stream of its own: what the bundles do with System.out is theirs.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        new Trial(setup, out).run();
        Runtime.getRuntime().halt(0);
    }

    private void run() {
        Container container = new Container(setup, new Host(new Outbox()));
        String wrong = container.begin(bundle -> say(bundle.isEmpty() ? "begun" : "at " + bundle));
        say("up");
        if (!wrong.isEmpty()) {
            say("wrong " + wrong);
        }
        List<String> waiting = container.waiting();
        // On its own: what does not return from here may be waiting for something that only the house has.
        Main.daemon("stand-ins", container::standIn);
        stay();
        if (!container.isUp()) {
            say("stopped");
            return;
        }
        waiting.forEach(component -> say("waits " + component));
        say("passed");
    }

    private static void stay() {
        long begin = System.nanoTime();
        while (millisSince(begin) < STAY_MILLIS || isHungry() && millisSince(begin) < LONG_STAY_MILLIS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Whether more than half of the heap is in use, when what nobody needs is gone. */
    private static boolean isHungry() {
        if (used() <= Runtime.getRuntime().maxMemory() / 2) {
            return false;
        }
        System.gc();
        return used() > Runtime.getRuntime().maxMemory() / 2;
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void say(String what) {
        out.println(setup.token() + ' ' + what.replaceAll("\\s+", " "));
    }
}
