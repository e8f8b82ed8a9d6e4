package org.fieldhouse.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens {@link HealthEndpoint} on the house's HTTP port while there is no servlet container. The feature {@code http} disables it, and then
 * a {@link HealthServlet} answers in its place. See docs/adr/0085.
 */
@Component(
        service = {},
        configurationPid = "org.fieldhouse.health.server")
@Designate(ocd = HealthServer.Config.class)
public final class HealthServer {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

    @ObjectClassDefinition(name = "Health: server")
    @interface Config {
        @AttributeDefinition(name = "Enabled", description = "False where a servlet container has the HTTP port")
        boolean enabled() default true;
    }

    private final @Nullable HealthEndpoint endpoint;

    /** @throws IOException if the port cannot be had */
    @Activate
    public HealthServer(BundleContext context, Config config, @Reference Readiness readiness) throws IOException {
        if (config.enabled()) {
            InetSocketAddress address = address(context);
            endpoint = HealthEndpoint.open(address, readiness::answer);
            LOG.info("Listens on http://{}:{}{}", address.getHostString(), endpoint.port(), HealthEndpoint.PATH);
        } else {
            endpoint = null;
        }
    }

    /** The same properties as Felix HTTP's. */
    private static InetSocketAddress address(BundleContext context) {
        String host = Objects.requireNonNullElse(context.getProperty("org.apache.felix.http.host"), "127.0.0.1");
        String port = Objects.requireNonNullElse(context.getProperty("org.osgi.service.http.port"), "0");
        return new InetSocketAddress(host, Integer.parseInt(port));
    }

    @Deactivate
    void close() {
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
