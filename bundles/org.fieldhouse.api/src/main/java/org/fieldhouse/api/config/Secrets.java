package org.fieldhouse.api.config;

import java.io.IOException;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service that keeps passwords and keys apart from the files that people share; {@code ${secret:NAME}} in
 * {@code devices/*.yaml} reads them. There is no way to read one back through it. Any thread.
 */
@ProviderType
public interface Secrets {
    /**
     * Keeps a secret, in place of the one of that name.
     *
     * @param name 1 to 64 of A-Z a-z 0-9 . _ -
     * @throws IllegalArgumentException if the name is not one
     */
    void put(String name, Secret secret) throws IOException;

    /** Forgets a secret. Whether there was one. */
    boolean remove(String name) throws IOException;

    /** The names, sorted. */
    Set<String> names() throws IOException;
}
