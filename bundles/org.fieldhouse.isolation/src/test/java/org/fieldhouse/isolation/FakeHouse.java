package org.fieldhouse.isolation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.isolation.wire.ToChild;

/** Remembers what wards bring and say. */
final class FakeHouse implements Ward.House {
    final List<IsolatedBinding> bindings = new CopyOnWriteArrayList<>();
    final List<String> audits = new CopyOnWriteArrayList<>();
    final List<ToChild> configurations = new CopyOnWriteArrayList<>();
    volatile Set<String> online = Set.of();
    /** What {@link #online} says from the second binding on. */
    volatile Set<String> onlineAfterwards = Set.of();

    volatile String taken = "";
    private volatile int brought;

    @Override
    public synchronized Runnable bring(IsolatedBinding binding, String feature) {
        brought++;
        bindings.add(binding);
        return () -> bindings.remove(binding);
    }

    @Override
    public String taken(String bindingId, Set<IsolatedBinding> mine) {
        return taken.equals(bindingId) ? "it brings binding '" + bindingId + "', which the house has already" : null;
    }

    @Override
    public Set<String> online(Set<String> bindingIds) {
        return brought > 1 ? onlineAfterwards : online;
    }

    @Override
    public void configurations(IsolatedFeature feature, Consumer<ToChild> to) {
        configurations.forEach(to);
    }

    @Override
    public void audit(String action, String feature, String detail) {
        audits.add(action + " " + feature + ": " + detail);
    }
}
