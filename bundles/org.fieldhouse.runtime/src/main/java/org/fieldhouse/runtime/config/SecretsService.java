package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.util.Set;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Secrets;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.HostComponent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The door of the secret store. Devices that failed for want of a secret are tried again. */
@Component
public final class SecretsService implements Secrets {
    private final SecretStore store;
    private final DeviceHost host;

    @Activate
    public SecretsService(@Reference DirectoryComponent directory, @Reference HostComponent component) {
        this.store = directory.directory().secrets();
        this.host = component.host();
    }

    @Override
    public void put(String name, Secret secret) throws IOException {
        store.put(name, secret);
        host.retryFaults();
    }

    @Override
    public boolean remove(String name) throws IOException {
        return store.remove(name);
    }

    @Override
    public Set<String> names() throws IOException {
        return store.names();
    }
}
