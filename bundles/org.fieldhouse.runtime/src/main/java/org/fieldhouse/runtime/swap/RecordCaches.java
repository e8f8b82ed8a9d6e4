package org.fieldhouse.runtime.swap;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the JDK keeps of a bundle that was uninstalled. The first call of a record's {@code equals} or {@code hashCode} adapts method
 * handles of {@link ObjectMethods} to the types of the record, and each of these handles remembers the last type that it was adapted
 * to, strongly (Java 17): with the type its loader, until the next record comes. So one of our own is made the last. Any thread.
 */
final class RecordCaches {
    private static final Logger LOG = LoggerFactory.getLogger(RecordCaches.class);

    private RecordCaches() {}

    /** Its own type as component, since the types of components are remembered too. */
    private record Last(@Nullable Last next) {}

    /** Makes the JDK remember a type of this bundle. */
    static void moveOn() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle next = lookup.findVirtual(Last.class, "next", MethodType.methodType(Last.class));
            adapt(lookup, "equals", MethodType.methodType(boolean.class, Last.class, Object.class), next);
            adapt(lookup, "hashCode", MethodType.methodType(int.class, Last.class), next);
        } catch (Throwable e) {
            LOG.debug("The JDK may keep a record of a bundle that is gone", e);
        }
    }

    /** As the compiler has it done at the first call. */
    private static void adapt(MethodHandles.Lookup lookup, String method, MethodType type, MethodHandle next)
            throws Throwable {
        ObjectMethods.bootstrap(lookup, method, type, Last.class, "next", next);
    }
}
