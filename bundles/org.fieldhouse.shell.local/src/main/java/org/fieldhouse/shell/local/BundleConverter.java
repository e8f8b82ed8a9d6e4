package org.fieldhouse.shell.local;

import java.util.Arrays;
import java.util.List;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Makes a bundle of its number or symbolic name. Gogo's own commands ({@code felix:update}, {@code felix:stop}) take a {@link Bundle};
 * Gogo's converter for it comes only with its terminal.
 */
@Component(service = Converter.class, property = "osgi.converter.classes=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
    private final BundleContext context;

    @Activate
    public BundleConverter(BundleContext context) {
        this.context = context;
    }

    /** Null for what is no bundle, so that Gogo says which command was meant. */
    @Override
    public @Nullable Object convert(Class<?> desired, Object in) {
        if (desired != Bundle.class) {
            return null;
        }
        String text = in.toString();
        if (text.matches("\\d{1,18}")) {
            return context.getBundle(Long.parseLong(text));
        }
        List<Bundle> found = Arrays.stream(context.getBundles())
                .filter(b -> text.equals(b.getSymbolicName()))
                .toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter other) {
        return null;
    }
}
