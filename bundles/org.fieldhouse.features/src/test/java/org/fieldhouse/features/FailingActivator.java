package org.fieldhouse.features;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Goes into the jars of tests. */
public final class FailingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no such dongle");
    }

    @Override
    public void stop(BundleContext context) {}
}
