package org.fieldhouse.binding.mqtt.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.binding.mqtt.client.MqttLink.Wanted;

/**
 * Which filters to ask the broker for, so that none of them overlap: a broker may send a copy of a message for each subscription
 * that matches (MQTT 5.0 section 3.3.4), and a button would be pressed twice. A filter that a wider one covers is asked for and
 * at once given back, which brings its retained messages and nothing else. Pure; guarded by its owner.
 */
final class SubscriptionPlan {
    /** What is to be sent, in this order. */
    record Steps(List<Wanted> subscribe, List<String> unsubscribe) {
        boolean isEmpty() {
            return subscribe.isEmpty() && unsubscribe.isEmpty();
        }
    }

    private final Map<String, List<Integer>> wanted = new LinkedHashMap<>();
    private final Set<String> wildcards = new LinkedHashSet<>();
    private final Set<String> atBroker = new LinkedHashSet<>();

    /** One more party wants that filter. */
    Steps add(String filter, int qos) {
        wanted.computeIfAbsent(filter, f -> new ArrayList<>()).add(qos);
        List<Wanted> subscribe = List.of(new Wanted(filter, qosOf(filter)));
        if (isCovered(filter, qosOf(filter))) {
            atBroker.remove(filter);
            return new Steps(subscribe, List.of(filter));
        }
        List<String> unsubscribe = new ArrayList<>();
        if (TopicFilter.hasWildcard(filter)) {
            wildcards.add(filter);
            for (String other : List.copyOf(atBroker)) {
                if (!other.equals(filter) && TopicFilter.covers(filter, other) && qosOf(other) <= qosOf(filter)) {
                    atBroker.remove(other);
                    unsubscribe.add(other);
                }
            }
        }
        atBroker.add(filter);
        return new Steps(subscribe, unsubscribe);
    }

    /** One party wants that filter no longer. */
    Steps remove(String filter, int qos) {
        List<Integer> parties = wanted.get(filter);
        if (parties == null || !parties.remove((Object) qos)) {
            return new Steps(List.of(), List.of());
        }
        if (!parties.isEmpty()) {
            return new Steps(List.of(), List.of());
        }
        wanted.remove(filter);
        wildcards.remove(filter);
        if (!atBroker.remove(filter)) {
            return new Steps(List.of(), List.of());
        }
        List<Wanted> subscribe = new ArrayList<>();
        if (TopicFilter.hasWildcard(filter)) {
            for (String other : wanted.keySet()) {
                if (!atBroker.contains(other) && TopicFilter.covers(filter, other) && !isCovered(other, qosOf(other))) {
                    atBroker.add(other);
                    subscribe.add(new Wanted(other, qosOf(other)));
                }
            }
        }
        return new Steps(subscribe, List.of(filter));
    }

    /** How many parties want each filter. */
    Map<String, Integer> parties() {
        Map<String, Integer> out = new LinkedHashMap<>();
        wanted.forEach((filter, all) -> out.put(filter, all.size()));
        return out;
    }

    /** What the broker was asked for last. */
    Set<String> atBroker() {
        return Set.copyOf(atBroker);
    }

    void clear() {
        wanted.clear();
        wildcards.clear();
        atBroker.clear();
    }

    private boolean isCovered(String filter, int qos) {
        for (String wide : wildcards) {
            if (!wide.equals(filter) && qosOf(wide) >= qos && TopicFilter.covers(wide, filter)) {
                return true;
            }
        }
        return false;
    }

    private int qosOf(String filter) {
        return wanted.getOrDefault(filter, List.of()).stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }
}
