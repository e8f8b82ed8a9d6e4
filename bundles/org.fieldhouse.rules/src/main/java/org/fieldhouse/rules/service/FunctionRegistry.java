package org.fieldhouse.rules.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.rules.FunctionException;
import org.fieldhouse.api.rules.RuleFunction;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Functions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions that bundles contribute: those that are there, and what is known of those that are away, so that rule files which
 * name them stay right while a bundle is swapped. Any thread.
 */
final class FunctionRegistry implements Functions {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionRegistry.class);
    private static final Set<String> BUILT_IN = Set.of("abs", "round", "floor", "ceil", "min", "max");
    /** Different troubles that are logged. */
    private static final int MAX_SAID = 1_000;

    private record Entry(RuleFunction function, FunctionSpec spec) {}

    /** Under this: by name, the one in use first. While a bundle is swapped there can be two. */
    private final Map<String, List<Entry>> present = new HashMap<>();
    /** Under this. */
    private final Map<String, FunctionSpec> known = new TreeMap<>();

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** Whether it can be used; if not, that is logged. */
    boolean add(RuleFunction function) {
        FunctionSpec spec;
        try {
            spec = function.spec();
        } catch (RuntimeException | LinkageError e) {
            LOG.error(
                    "Function {} does not say what it is; left out",
                    function.getClass().getName(),
                    e);
            return false;
        }
        if (BUILT_IN.contains(spec.name())) {
            LOG.error("Function {} of {} is left out: the language has one of that name", spec.name(), function);
            return false;
        }
        synchronized (this) {
            List<Entry> all = present.computeIfAbsent(spec.name(), name -> new ArrayList<>(1));
            all.add(0, new Entry(function, spec));
            known.put(spec.name(), spec);
            notifyAll();
        }
        return true;
    }

    /** Whether a function of its name is there no more. */
    synchronized void remove(RuleFunction function) {
        for (List<Entry> all : present.values()) {
            all.removeIf(each -> each.function() == function);
            if (!all.isEmpty()) {
                known.put(all.get(0).spec().name(), all.get(0).spec());
            }
        }
        present.values().removeIf(List::isEmpty);
    }

    /** What was known in an earlier run; what is there itself knows better. */
    synchronized void remember(List<FunctionSpec> specs) {
        specs.forEach(spec -> known.putIfAbsent(spec.name(), spec));
    }

    /** All that is known, by name. */
    synchronized List<FunctionSpec> specs() {
        return List.copyOf(known.values());
    }

    synchronized @Nullable FunctionSpec spec(String name) {
        return known.get(name);
    }

    /** Those that are there. */
    synchronized Set<String> names() {
        return new TreeSet<>(present.keySet());
    }

    private synchronized @Nullable Entry entry(String name) {
        List<Entry> all = present.get(name);
        return all == null ? null : all.get(0);
    }

    /** Waits until it is there; null if it is not by then. */
    synchronized @Nullable RuleFunction await(String name, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!present.containsKey(name)) {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                return null;
            }
            wait(millis);
        }
        return present.get(name).get(0).function();
    }

    @Override
    public @Nullable Value compute(FunctionSpec spec, Map<String, Value> arguments) {
        Entry entry = entry(spec.name());
        if (entry == null) {
            return null;
        }
        if (!entry.spec().equals(spec)) {
            once(
                    spec.name(),
                    "is another than the rule files were checked against; its value is unknown until they are again");
            return null;
        }
        try {
            Value value = entry.function().call(arguments);
            return value == null || spec.result() == null ? null : spec.result().normalize(value);
        } catch (FunctionException e) {
            return null; // it says that nothing can be said
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (RuntimeException | LinkageError e) {
            once(spec.name(), "failed: " + e);
            return null;
        }
    }

    private void once(String name, String what) {
        if (said.size() < MAX_SAID && said.add(name + what)) {
            LOG.warn("Function {} {} (said once)", name, what);
        }
    }
}
