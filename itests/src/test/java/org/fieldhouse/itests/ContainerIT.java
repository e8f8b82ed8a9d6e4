package org.fieldhouse.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** The shipped bundles of all features resolve and start together, and one can be replaced under the others. */
@RunWith(PaxExam.class)
public class ContainerIT {
    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Option[] {
            ShippedBundles.of(Files.createTempDirectory("container-it"), "core", "rules", "mqtt", "shell", "webconsole")
        };
    }

    @Test
    public void everyBundleIsActive() {
        List<String> idle = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .map(bundle -> bundle.getSymbolicName() + " in state " + bundle.getState())
                .collect(Collectors.toList());
        assertEquals(List.of(), idle);
    }

    @Test
    public void healthAnswersOnAnUpdatedBundle() throws IOException, BundleException {
        Bundle health = bundle("org.fieldhouse.health");
        long before = health.getLastModified();
        try (InputStream jar = URI.create(health.getLocation().replaceFirst("^reference:", ""))
                .toURL()
                .openStream()) {
            health.update(jar);
        }
        assertEquals(Bundle.ACTIVE, health.getState());
        assertEquals(true, health.getLastModified() >= before);
        URL url = new URL("http://127.0.0.1:" + context.getProperty("org.osgi.service.http.port") + "/health");
        try (InputStream body = url.openStream()) {
            assertEquals("{\"ready\":true}\n", new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private Bundle bundle(String name) {
        Bundle found = Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElse(null);
        assertNotNull(name, found);
        return found;
    }
}
