package org.fieldhouse.runtime.journal;

import org.fieldhouse.api.store.JournalStore;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Opens the {@link StoreLine} when the first store comes, and keeps it open when a store goes to be replaced. When the whole house is
 * stopped the line closes first, so that the bus writes its last events while the store is still there.
 */
@Component(service = StoreGate.class, immediate = true)
public final class StoreGate {
    private final BundleContext context;
    private final StoreLine line = new StoreLine();
    private @Nullable JournalStore current;
    private @Nullable ServiceRegistration<StoreLine> open;

    @Activate
    public StoreGate(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addStore(JournalStore store) {
        boolean first;
        synchronized (this) {
            current = store;
            line.connect(store);
            first = open == null;
        }
        if (first) {
            ServiceRegistration<StoreLine> registered = context.registerService(StoreLine.class, line, null);
            synchronized (this) {
                open = registered;
            }
        }
    }

    void removeStore(JournalStore store) {
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
            stop();
        }
        synchronized (this) {
            if (current == store) {
                current = null;
                line.connect(null);
            }
        }
    }

    @Deactivate
    void stop() {
        ServiceRegistration<StoreLine> closing;
        synchronized (this) {
            closing = open;
            open = null;
        }
        if (closing != null) {
            closing.unregister();
        }
    }
}
