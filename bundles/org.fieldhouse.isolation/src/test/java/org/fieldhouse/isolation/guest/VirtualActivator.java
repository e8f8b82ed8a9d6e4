package org.fieldhouse.isolation.guest;

import java.lang.reflect.Constructor;
import java.time.Duration;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.binding.virtual.VirtualBinding;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the virtual binding without Declarative Services. */
public final class VirtualActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws ReflectiveOperationException {
        Constructor<VirtualBinding> constructor =
                VirtualBinding.class.getDeclaredConstructor(Duration.class, long.class);
        constructor.setAccessible(true);
        context.registerService(Binding.class, constructor.newInstance(Duration.ofMillis(20), 1L), null);
    }

    @Override
    public void stop(BundleContext context) {}
}
