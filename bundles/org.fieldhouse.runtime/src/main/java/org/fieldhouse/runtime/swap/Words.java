package org.fieldhouse.runtime.swap;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** What frameworks and stack traces say, for people. */
final class Words {
    private Words() {}

    /** The message of the innermost cause: the framework wraps what an activator throws. */
    static String of(Throwable trouble) {
        Throwable inner = trouble;
        for (int depth = 0; inner.getCause() != null && depth < 10; depth++) {
            inner = inner.getCause();
        }
        String said =
                inner.getMessage() == null ? "" : ": " + inner.getMessage().replaceAll("\\s+", " ");
        return inner.getClass().getSimpleName() + said;
    }

    /** Whether a frame is in a class of that bundle. */
    static boolean isOf(StackTraceElement frame, Bundle bundle) {
        try {
            return FrameworkUtil.getBundle(bundle.loadClass(frame.getClassName())) == bundle;
        } catch (ClassNotFoundException | IllegalStateException | LinkageError e) {
            return false;
        }
    }
}
