package org.fieldhouse.api.binding;

import java.util.Map;
import org.fieldhouse.api.config.Settings;
import org.osgi.annotation.versioning.ProviderType;

/** What the runtime gives a {@link Finder} for one look. */
@ProviderType
public interface FinderContext {
    /**
     * Settings as a device with these values in its entry would have them, so that what is tried is what will be written down:
     * {@code ${secret:NAME}} and {@code ${env:NAME}} are found.
     */
    Settings settings(Map<String, Object> values);
}
