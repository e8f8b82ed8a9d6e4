package org.fieldhouse.launcher;

import java.io.IOException;
import org.osgi.framework.BundleException;

/** Starts the house that the arguments describe and turns its end into an exit code. */
public final class Main {
    private static volatile Exit result = Exit.CLEAN;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            Arguments parsed = Arguments.parse(arguments);
            // Before the first logger: its levels are in the home directory.
            System.setProperty("fieldhouse.home", parsed.home().toString());
            House.run(parsed);
        } catch (StartException e) {
            complain(e.exit, String.valueOf(e.getMessage()));
        } catch (IOException | BundleException e) {
            complain(Exit.FRAMEWORK, "the framework did not start: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            complain(Exit.FRAMEWORK, "interrupted");
        }
        // Not a plain return: threads that a bundle left behind must not keep the process.
        Runtime.getRuntime().exit(result.code);
    }

    /** Says what is wrong and makes it the way the process ends. */
    static void complain(Exit exit, String message) {
        System.err.println("fieldhouse: " + message);
        result = exit;
    }

    /** For the shutdown hook: a JVM that a signal ends would exit with 128 + signal, but a clean stop is 0. */
    static void halt() {
        Runtime.getRuntime().halt(result.code);
    }
}
