package org.fieldhouse.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Hashtable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the embedded broker on a thread of its own, so that the start of the house does not wait for it. While it listens, its
 * address is a service: {@link InetSocketAddress} with {@value #ENDPOINT}{@code =mqtt} and {@code url}. While the port is taken
 * it tries again every {@value #RETRY_MILLIS} ms, and the health of the house says so.
 */
@Component(
        service = HealthCheck.class,
        immediate = true,
        configurationPid = "org.fieldhouse.broker",
        property = {"hc.name=broker", "hc.tags=fieldhouse"})
@Designate(ocd = BrokerConfig.class)
public final class BrokerComponent implements HealthCheck {
    /** Service property that tells addresses apart. */
    static final String ENDPOINT = "fieldhouse.endpoint";

    private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);
    private static final long RETRY_MILLIS = 5_000;
    private static final long STOP_MILLIS = 10_000;

    private final BrokerConfig config;
    private final BundleContext context;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    /** Why it does not listen; empty while it does, or is about to. */
    private volatile String trouble = "";

    @Activate
    public BrokerComponent(BrokerConfig config, BundleContext context) {
        this.config = config;
        this.context = context;
        thread = new Thread(this::run, "broker");
        // Artemis finds its parts by the context class loader, and its threads inherit it.
        thread.setContextClassLoader(BrokerComponent.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops the broker and waits until its port is free. */
    @Deactivate
    public void stop() throws InterruptedException {
        stopped.countDown();
        thread.join(STOP_MILLIS);
        thread.interrupt(); // only if it hangs: what an interrupt meets while the broker stops is left half done
    }

    /** Not listening is a warning: the rest of the house works. */
    @Override
    public Result execute() {
        String why = trouble;
        return why.isEmpty()
                ? new Result(Result.Status.OK, "the embedded broker listens, or is about to")
                : new Result(Result.Status.WARN, "no embedded broker: " + why);
    }

    private void run() {
        try {
            do {
                try {
                    serve();
                    return;
                } catch (IOException e) {
                    String why = String.valueOf(e.getMessage());
                    if (!why.equals(trouble)) {
                        LOG.warn("No embedded broker: {}. Trying again every {} s.", why, RETRY_MILLIS / 1000);
                        LOG.debug("No embedded broker", e);
                        trouble = why;
                    }
                }
            } while (!stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("The embedded broker failed; restart the bundle org.fieldhouse.broker", e);
            trouble = "it failed: " + e + "; restart the bundle org.fieldhouse.broker";
        }
    }

    /** Listens until the component is stopped. */
    private void serve() throws Exception {
        try (Broker broker = Broker.start(config)) {
            InetSocketAddress address = broker.address();
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put(ENDPOINT, "mqtt");
            properties.put("url", "tcp://" + address.getHostString() + ':' + address.getPort());
            properties.put("host", address.getHostString());
            properties.put("port", address.getPort());
            ServiceRegistration<InetSocketAddress> service =
                    context.registerService(InetSocketAddress.class, address, properties);
            LOG.info("The embedded broker listens on {}", properties.get("url"));
            trouble = "";
            try {
                stopped.await();
            } finally {
                unregister(service);
            }
        }
        LOG.info("The embedded broker has stopped");
    }

    private static void unregister(ServiceRegistration<?> service) {
        try {
            service.unregister();
        } catch (IllegalStateException e) {
            LOG.trace("The bundle was stopped first", e);
        }
    }
}
