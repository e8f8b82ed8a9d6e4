package org.fieldhouse.runtime.swap;

import java.lang.reflect.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Felix itself keeps of a bundle that was uninstalled. A swap installs each version as a bundle of its own, so that it would add up:
 * the bundle's headers and wiring, and softly, for a second per free megabyte of heap, the table of contents of its jar.
 *
 * <p>Two private maps of Felix have the bundle in their keys and are cleaned by nobody: the framework's counts of the services that it used
 * ({@code ServiceRegistry.m_inUseMap}, 7.0.5; the counts go to zero and stay), and the loggers that were made in its name, by SCR for
 * example ({@code LoggerAdminImpl._loggers}, Felix Log 1.3.0). A version of Felix that has no such map is left alone. Any thread.
 */
final class Remnants {
    private static final Logger LOG = LoggerFactory.getLogger(Remnants.class);
    private static final String LOGGER_ADMIN = "org.osgi.service.log.admin.LoggerAdmin";

    private final BundleContext context;

    Remnants(BundleContext context) {
        this.context = context;
    }

    /** Of all bundles that are uninstalled by now: something of one may have come back since the last call. */
    void forget() {
        try {
            Object framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
            if (value(value(framework, "m_registry"), "m_inUseMap") instanceof Map<?, ?> inUse) {
                inUse.keySet().removeIf(Remnants::isGone);
            }
            ServiceReference<?> reference = context.getServiceReference(LOGGER_ADMIN);
            if (reference == null) {
                return;
            }
            if (value(context.getService(reference), "_loggers") instanceof Map<?, ?> loggers) {
                loggers.keySet().removeIf(key -> isGone(value(key, "m_bundle")));
            }
            context.ungetService(reference);
        } catch (RuntimeException e) {
            LOG.debug("Felix keeps something of the bundles that are gone", e);
        }
    }

    private static boolean isGone(@Nullable Object bundle) {
        return bundle instanceof Bundle b && b.getState() == Bundle.UNINSTALLED;
    }

    private static @Nullable Object value(@Nullable Object of, String name) {
        if (of == null) {
            return null;
        }
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
