package org.fieldhouse.health;

import java.util.Dictionary;
import java.util.Hashtable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a {@link HealthServlet} for each servlet container that there is: the one of the feature {@code http}. It knows the container by
 * the name of its service and holds nothing of it when it is gone.
 */
@Component(service = {})
public final class HealthInContainer implements ServiceTrackerCustomizer<Object, ServiceRegistration<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(HealthInContainer.class);
    private static final String CONTAINER = "org.osgi.service.servlet.runtime.HttpServiceRuntime";

    private final BundleContext context;
    private final Readiness readiness;
    private final ServiceTracker<Object, ServiceRegistration<?>> tracker;

    @Activate
    public HealthInContainer(BundleContext context, @Reference Readiness readiness) {
        this.context = context;
        this.readiness = readiness;
        tracker = new ServiceTracker<>(context, CONTAINER, this);
        tracker.open();
    }

    @Override
    public @Nullable ServiceRegistration<?> addingService(ServiceReference<Object> reference) {
        Bundle container = reference.getBundle();
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", HealthEndpoint.PATH);
        properties.put("osgi.http.whiteboard.servlet.name", "health");
        try {
            Object servlet = HealthServlet.of(readiness::answer, container::loadClass);
            return context.registerService(HealthServlet.SERVLET, servlet, properties);
        } catch (ClassNotFoundException e) {
            LOG.error("{} has no servlets, so it does not answer {}", container, HealthEndpoint.PATH, e);
            return null;
        }
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, ServiceRegistration<?> registration) {}

    @Override
    public void removedService(ServiceReference<Object> reference, ServiceRegistration<?> registration) {
        registration.unregister();
    }

    @Deactivate
    void close() {
        tracker.close();
    }
}
