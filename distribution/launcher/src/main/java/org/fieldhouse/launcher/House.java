package org.fieldhouse.launcher;

import java.io.IOException;
import java.io.Reader;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.features.lock.Places;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the framework, from an unpacked distribution and a home directory until it is told to stop. */
final class House {
    private static final long STOP_SECONDS = 20;
    private static final Logger LOG = LoggerFactory.getLogger("fieldhouse");

    private final Framework framework;

    private House(Framework framework) {
        this.framework = framework;
    }

    /** Returns when the framework was stopped from inside; a signal ends the process in the shutdown hook. */
    static void run(Arguments arguments) throws StartException, IOException, BundleException, InterruptedException {
        long begin = System.nanoTime();
        Path distribution = arguments.distribution();
        try (Home home = Home.open(arguments.home())) {
            Places places = new Places(distribution, home.root.resolve("data"));
            StartList list = StartList.read(places, arguments.features(), arguments.without());
            list.hand(places);
            Path owners = home.root.resolve("config");
            List<Path> configurations = list.configurationsWith(owners);
            String fingerprint = list.fingerprint(distribution, configurations);
            boolean warm = home.isWarm(fingerprint);
            if (!warm) {
                list = list.verified(places);
                home.dropCache();
            }
            Map<String, String> properties = properties(
                    distribution,
                    home,
                    list,
                    OwnersFiles.complete(configurations, owners, home.root.resolve("data/config")));
            checkPort(properties);
            House house = new House(ServiceLoader.load(FrameworkFactory.class)
                    .findFirst()
                    .orElseThrow(() -> new StartException(Exit.SETUP, "no OSGi framework in " + distribution + "/lib"))
                    .newFramework(properties));
            house.framework.init();
            Runtime.getRuntime().addShutdownHook(new Thread(house::stop, "shutdown"));
            if (!warm) {
                install(house.framework.getBundleContext(), list.bundles());
                home.stampCache(fingerprint);
            }
            house.framework.getBundleContext().addFrameworkListener(House::report);
            house.framework.start();
            LOG.info(
                    "Started {} with {} in {} ms",
                    home.root,
                    list.features(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            house.framework.waitForStop(0);
        }
    }

    /** Jetty would log a stack trace and the house go on, unreachable. A port that is 0 or no number is Jetty's business. */
    private static void checkPort(Map<String, String> properties) throws StartException {
        String host = properties.getOrDefault("org.apache.felix.http.host", "127.0.0.1");
        String port = properties.getOrDefault("org.osgi.service.http.port", "0");
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (BindException e) {
            throw new StartException(
                    Exit.PORT_IN_USE, "port " + port + " on " + host + " is in use; choose another with --port N");
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("Cannot tell whether {} port {} is free: {}", host, port, e.getMessage());
        }
    }

    private static void install(BundleContext context, Map<Path, Integer> bundles) throws StartException {
        for (Map.Entry<Path, Integer> entry : bundles.entrySet()) {
            try {
                Bundle bundle =
                        context.installBundle("reference:" + entry.getKey().toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(entry.getValue());
                if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                    // The framework's start level is still 0: this marks the bundle for starting, and starts nothing.
                    bundle.start(Bundle.START_ACTIVATION_POLICY);
                }
            } catch (BundleException e) {
                throw new StartException(Exit.BUNDLE_MISSING, "cannot install " + entry.getKey() + ": " + e);
            }
        }
    }

    private static Map<String, String> properties(
            Path distribution, Home home, StartList list, List<Path> configurations) throws IOException {
        Properties shipped = new Properties();
        try (Reader reader = Files.newBufferedReader(distribution.resolve("conf/system.properties"))) {
            shipped.load(reader);
        }
        Map<String, String> properties = new HashMap<>();
        for (String key : shipped.stringPropertyNames()) {
            String value = System.getProperty(key, shipped.getProperty(key));
            properties.put(key, value.replace("${fieldhouse.home}", home.root.toString()));
        }
        if (list.features().contains("terminal")) {
            // The terminal's shell reads its profile, without which it ends, from a URL into its own bundle.
            properties.put("felix.service.urlhandlers", "true");
        }
        properties.put(Constants.FRAMEWORK_STORAGE, home.cache().toString());
        properties.put("fieldhouse.home", home.root.toString());
        properties.put("fieldhouse.distribution", distribution.toString());
        properties.put("fieldhouse.features", String.join(",", list.features()));
        properties.put("configurator.initial", OwnersFiles.addresses(configurations));
        return properties;
    }

    /** A bundle that cannot start is logged and named by /health; the house goes on without it. */
    private static void report(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            // A service that cannot be made is an error of whoever asked for it; only a BundleException is of a start.
            String what = event.getThrowable() instanceof BundleException ? "{} does not start: {}" : "{}: {}";
            LOG.error(what, event.getBundle(), String.valueOf(event.getThrowable()));
        }
    }

    /** The shutdown hook. */
    private void stop() {
        try {
            if (framework.getState() == Bundle.ACTIVE) {
                LoadedClasses.link(framework.getBundleContext());
            }
            framework.stop();
            FrameworkEvent event = framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                Main.complain(Exit.FRAMEWORK, "not stopped within " + STOP_SECONDS + " s");
            }
        } catch (BundleException | InterruptedException e) {
            Main.complain(Exit.FRAMEWORK, "not stopped: " + e);
        }
        Main.halt();
    }
}
