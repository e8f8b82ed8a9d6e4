package org.fieldhouse.bridge;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Value;

/** Makes facts of others' events. */
final class ExternalFacts {
    static final int MAX_VALUES = 64;
    private static final int MAX_TYPE = 200;
    private static final Pattern TYPE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(?:/[A-Za-z_][A-Za-z0-9_-]*)+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,127}");
    /** Both services add it, or may. */
    private static final String TOPIC_PROPERTY = "event.topics";

    private ExternalFacts() {}

    /**
     * @param topic below {@link Topics#EXTERNAL}
     * @throws IllegalArgumentException if it cannot be taken; the message says why, and what can be
     */
    static Fact.ExternalFact of(String topic, Map<String, ?> properties) {
        String type = type(topic);
        Map<String, Value> values = new HashMap<>();
        for (Map.Entry<String, ?> each : properties.entrySet()) {
            String name = each.getKey();
            if (name.equals(TOPIC_PROPERTY) || isUnit(name, properties)) {
                continue;
            }
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a property's name has 1 to 128 of A-Z a-z 0-9 _ . - and begins with a letter");
            }
            if (values.size() == MAX_VALUES) {
                throw new IllegalArgumentException("more than " + MAX_VALUES + " properties");
            }
            Object value = each.getValue();
            if (value == null) {
                throw new IllegalArgumentException(name + " is null; leave it out");
            }
            values.put(name, PlainValues.value(name, value, properties.get(name + PlainValues.UNIT)));
        }
        return new Fact.ExternalFact(type, values);
    }

    private static boolean isUnit(String name, Map<String, ?> properties) {
        return name.endsWith(PlainValues.UNIT)
                && properties.containsKey(name.substring(0, name.length() - PlainValues.UNIT.length()));
    }

    private static String type(String topic) {
        String path = topic.startsWith(Topics.EXTERNAL) ? topic.substring(Topics.EXTERNAL.length()) : "";
        if (path.length() > MAX_TYPE || !TYPE.matcher(path).matches()) {
            throw new IllegalArgumentException("the topic is " + Topics.EXTERNAL
                    + " and a reverse-domain name with / for each dot, of at most " + MAX_TYPE
                    + " characters: com/acme/door/MaintenanceDue");
        }
        String type = path.replace('/', '.');
        if (Topics.isOurs(type)) {
            throw new IllegalArgumentException("types below org.fieldhouse are the house's own");
        }
        return type;
    }
}
