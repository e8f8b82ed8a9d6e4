package org.fieldhouse.launcher;

/**
 * How the process ends. The codes are part of the interface (docs/OPERATIONS.md): never renumber them. 3 is the JVM's own, for a heap
 * that is exhausted (ExitOnOutOfMemoryError): the service manager has to start the house again then, so it means nothing else.
 */
enum Exit {
    /** Stopped on request: SIGTERM, SIGINT, or the shell's {@code shutdown}. */
    CLEAN(0),
    /** The home directory or the distribution cannot be used as it is; the message says why. */
    SETUP(1),
    /** The framework did not start, or did not stop in time. */
    FRAMEWORK(2),
    /** Another process runs on this home directory. */
    IN_USE(4),
    /** The HTTP port is taken by another program. */
    PORT_IN_USE(5),
    /** A jar of the start list is not in the distribution, or is not a bundle. */
    BUNDLE_MISSING(6),
    /** Wrong arguments (EX_USAGE of sysexits.h). */
    USAGE(64);

    final int code;

    Exit(int code) {
        this.code = code;
    }
}
