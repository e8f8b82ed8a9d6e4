package org.fieldhouse.isolation.child;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.isolation.wire.Setup;
import org.fieldhouse.isolation.wire.ToChild;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Capability;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework of the process. The API is on the class path, outside of it, so that this package and the bindings have the same types;
 * the framework exports it to the bundles.
 */
final class Container {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);
    /** What is up to here comes before the configurations. */
    private static final int BASE_LEVEL = 3;

    private static final int TOP_LEVEL = 10;
    private static final long REGISTER_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final String CONFIGURATION_ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
    private static final String COMPONENT_RUNTIME = "org.osgi.service.component.runtime.ServiceComponentRuntime";
    private static final String BINDING = Binding.class.getName();

    private final Setup setup;
    private final Host host;
    private final List<Bundle> own = new ArrayList<>();
    private final Map<Bundle, String> errors = new ConcurrentHashMap<>();
    private @Nullable Framework framework;

    Container(Setup setup, Host host) {
        this.setup = setup;
        this.host = host;
    }

    /** @return what is wrong, for people; empty if nothing is */
    String start(List<ToChild.Configure> configurations) {
        return attempt(() -> {
            BundleContext context = boot();
            configurations.forEach(this::configure);
            new Bindings(context).open();
            rise();
            return awaitBindings();
        });
    }

    /**
     * Starts everything for a trial: without configurations, and waiting for no binding.
     *
     * @param begins is told of the framework, by an empty name, and of each bundle of the feature's own when its start begins
     * @return what is wrong, for people; empty if nothing is
     */
    String begin(Consumer<String> begins) {
        return attempt(() -> {
            BundleContext context = boot();
            begins.accept("");
            context.addBundleListener((SynchronousBundleListener) event -> {
                if (event.getType() == BundleEvent.STARTING && own.contains(event.getBundle())) {
                    begins.accept(event.getBundle().getSymbolicName());
                }
            });
            rise();
            own.forEach(bundle -> use(bundle, context));
            return wrong(false);
        });
    }

    private static String attempt(Callable<String> start) {
        try {
            return start.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (Exception | LinkageError e) {
            LOG.error("The process does not start", e);
            return String.valueOf(e.getMessage());
        }
    }

    /** The framework, with what the feature's bundles stand on; those are installed. */
    private BundleContext boot() throws IOException, BundleException {
        Map<String, String> properties = new HashMap<>(setup.properties());
        properties.put(Constants.FRAMEWORK_STORAGE, setup.storage());
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(BASE_LEVEL));
        properties.merge(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                exported(),
                (given, api) -> given.isBlank() ? api : given + "," + api);
        Framework made = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(properties);
        framework = made;
        made.init();
        BundleContext context = made.getBundleContext();
        for (String line : setup.bundles()) {
            String[] words = line.split(" ", 3);
            install(context, Integer.parseInt(words[0]), words[1], Path.of(words[2]));
        }
        context.addFrameworkListener(event -> {
            if (event.getType() == FrameworkEvent.ERROR) {
                errors.putIfAbsent(event.getBundle(), reason(event.getThrowable()));
            }
        });
        made.start();
        return context;
    }

    /** Starts the feature's bundles; returns when all of them have been started or have failed, or one has stopped the framework. */
    private void rise() throws InterruptedException {
        CountDownLatch up = new CountDownLatch(1);
        Objects.requireNonNull(framework)
                .adapt(FrameworkStartLevel.class)
                .setStartLevel(TOP_LEVEL, event -> up.countDown());
        while (!up.await(LOOK_NANOS, TimeUnit.NANOSECONDS) && isUp()) {
            continue;
        }
    }

    private void install(BundleContext context, int level, String kind, Path jar) throws BundleException {
        Bundle bundle = context.installBundle("reference:" + jar.toUri());
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        if (!kind.equals(Setup.THERE) && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
            if (kind.equals(Setup.OWN)) {
                own.add(bundle);
            }
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof BundleException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BundleException ? String.valueOf(cause.getMessage()) : cause.toString();
    }

    /** The packages of the API, as its manifest has them. */
    private static String exported() throws IOException {
        try {
            Path place = Path.of(Binding.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (JarFile jar = new JarFile(place.toFile())) {
                return jar.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Waits until every bundle runs and has registered the bindings that it promises. */
    private String awaitBindings() {
        long deadline = System.nanoTime() + REGISTER_NANOS;
        String wrong = wrong(true);
        while (!wrong.isEmpty() && errors.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
            wrong = wrong(true);
        }
        return wrong;
    }

    private String wrong(boolean withBindings) {
        for (Bundle bundle : own) {
            if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0) {
                return bundle.getSymbolicName() + " does not start: " + errors.getOrDefault(bundle, "it is not active");
            }
            if (withBindings && promises(bundle) && !registers(bundle)) {
                return bundle.getSymbolicName() + " has not registered its binding";
            }
        }
        return "";
    }

    private static boolean promises(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        for (Capability capability : revision.getCapabilities("osgi.service")) {
            Object classes = capability.getAttributes().get(Constants.OBJECTCLASS);
            if (classes instanceof Collection<?> all ? all.contains(BINDING) : BINDING.equals(classes)) {
                return true;
            }
        }
        return false;
    }

    private static boolean registers(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references == null) {
            return false;
        }
        for (ServiceReference<?> reference : references) {
            if (List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(BINDING)) {
                return true;
            }
        }
        return false;
    }

    /** A component whose service nobody has asked for is not made yet. */
    private static void use(Bundle bundle, BundleContext context) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
            try {
                context.getService(reference);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("{} does not give its service: {}", bundle.getSymbolicName(), e.toString());
            }
        }
    }

    /** Any thread; before the framework is up it does nothing. */
    void configure(ToChild.Configure wanted) {
        Framework present = framework;
        BundleContext context = present == null ? null : present.getBundleContext();
        if (context == null) {
            return;
        }
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(CONFIGURATION_ADMIN, null);
            if (found != null) {
                set(Objects.requireNonNull(context.getService(found[0])), wanted);
            }
        } catch (ReflectiveOperationException | InvalidSyntaxException | RuntimeException e) {
            LOG.error("Configuration {} {} cannot be set", wanted.factory(), wanted.name(), e);
        }
    }

    /** Whether nobody has stopped the framework. */
    boolean isUp() {
        Framework present = framework;
        return present != null && present.getState() == Bundle.ACTIVE;
    }

    /** Components of the feature's own that are not made, with what they wait for: {@code org.acme.Fan for org.acme.Air}. */
    List<String> waiting() {
        List<String> waiting = new ArrayList<>();
        try {
            Components components = components();
            if (components != null) {
                for (Bundle bundle : own) {
                    waiting.addAll(components.waiting(bundle));
                }
            }
        } catch (ReflectiveOperationException | InvalidSyntaxException | RuntimeException e) {
            LOG.warn("Which components wait is not known: {}", e.toString());
        }
        return waiting;
    }

    /** Null where there are none. */
    private @Nullable Components components() throws InvalidSyntaxException, ClassNotFoundException {
        BundleContext context = Objects.requireNonNull(framework).getBundleContext();
        ServiceReference<?>[] found = context.getAllServiceReferences(COMPONENT_RUNTIME, null);
        Object runtime = found == null ? null : context.getService(found[0]);
        return runtime == null ? null : new Components(runtime);
    }

    /** Gives components of the feature's own what they wait for, as far as it is an interface, and asks for what they offer then. */
    void standIn() {
        BundleContext context = Objects.requireNonNull(framework).getBundleContext();
        try {
            Components components = components();
            if (components != null) {
                for (Bundle bundle : own) {
                    components.missing(bundle).forEach(type -> standIn(bundle, type));
                    use(bundle, context);
                }
            }
        } catch (ReflectiveOperationException | InvalidSyntaxException | RuntimeException e) {
            LOG.warn("Not all components can be tried: {}", e.toString());
        }
    }

    /** In the name of the bundle itself, which sees the type. */
    private static void standIn(Bundle bundle, String type) {
        BundleContext context = bundle.getBundleContext();
        try {
            Class<?> service = bundle.loadClass(type);
            if (context != null && service.isInterface()) {
                context.registerService(
                        type,
                        Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, new StandIn(type)),
                        null);
            }
        } catch (ClassNotFoundException | IllegalArgumentException | LinkageError e) {
            LOG.debug("{} cannot be stood in for: {}", type, e.toString());
        }
    }

    /** By reflection: the types of Configuration Admin are those of a bundle, which this class is outside of. */
    private static void set(Object admin, ToChild.Configure wanted) throws ReflectiveOperationException {
        ClassLoader types = admin.getClass().getClassLoader();
        Class<?> service = Class.forName(CONFIGURATION_ADMIN, false, types);
        Class<?> type = Class.forName("org.osgi.service.cm.Configuration", false, types);
        Object configuration = wanted.factory().isEmpty()
                ? service.getMethod("getConfiguration", String.class, String.class)
                        .invoke(admin, wanted.name(), "?")
                : service.getMethod("getFactoryConfiguration", String.class, String.class, String.class)
                        .invoke(admin, wanted.factory(), wanted.name(), "?");
        Map<String, @Nullable Object> values = wanted.values();
        if (values == null) {
            type.getMethod("delete").invoke(configuration);
            return;
        }
        Hashtable<String, Object> properties = new Hashtable<>();
        values.forEach((key, value) -> {
            if (value != null) {
                properties.put(key, value);
            }
        });
        type.getMethod("updateIfDifferent", Dictionary.class).invoke(configuration, properties);
    }

    void stop() {
        Framework present = framework;
        if (present == null) {
            return;
        }
        try {
            present.stop();
            present.waitForStop(TimeUnit.SECONDS.toMillis(2));
        } catch (BundleException | InterruptedException e) {
            LOG.debug("The process ends without it: {}", e.getMessage());
        }
    }

    /** Brings the bindings of the feature's own bundles into the house. */
    private final class Bindings extends ServiceTracker<Binding, Integer> {
        Bindings(BundleContext context) {
            super(context, Binding.class, null);
        }

        @Override
        public @Nullable Integer addingService(ServiceReference<Binding> reference) {
            return own.contains(reference.getBundle()) ? (Integer) host.add(context.getService(reference)) : null;
        }

        @Override
        public void removedService(ServiceReference<Binding> reference, Integer number) {
            host.remove(number);
            context.ungetService(reference);
        }
    }
}
