package org.fieldhouse.features;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * What bundles say of their configurations (OSGi Compendium 8.1, chapter 105): without it, a wrong value would be noticed by a component
 * that does not come up, and its devices with it.
 */
final class ConfigurationTypes {
    private final BundleContext context;
    private final MetaTypeService metatype;

    ConfigurationTypes(BundleContext context, MetaTypeService metatype) {
        this.context = context;
        this.metatype = metatype;
    }

    /**
     * By attribute, what is wrong with its value and what is wanted. A PID of a bundle that is not there passes, and so does an attribute
     * that its bundle does not describe.
     */
    Map<String, String> wrong(String pid, Map<String, Object> values) {
        Map<String, String> wrong = new LinkedHashMap<>();
        for (AttributeDefinition attribute : attributes(pid)) {
            Object value = values.get(attribute.getID());
            if (value != null) {
                elements(value).stream()
                        .map(String::valueOf)
                        .filter(text -> !isValid(attribute, text))
                        .findFirst()
                        .ifPresent(text -> wrong.put(attribute.getID(), says(attribute, text)));
            }
        }
        return wrong;
    }

    private List<AttributeDefinition> attributes(String pid) {
        int tilde = pid.indexOf('~');
        String described = tilde < 0 ? pid : pid.substring(0, tilde);
        List<AttributeDefinition> all = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            MetaTypeInformation information = metatype.getMetaTypeInformation(bundle);
            if (information != null
                    && List.of(tilde < 0 ? information.getPids() : information.getFactoryPids())
                            .contains(described)) {
                all.addAll(List.of(information
                        .getObjectClassDefinition(described, null)
                        .getAttributeDefinitions(ObjectClassDefinition.ALL)));
            }
        }
        return all;
    }

    private static List<?> elements(Object value) {
        if (value.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(value))
                    .mapToObj(i -> Array.get(value, i))
                    .toList();
        }
        return value instanceof Collection<?> many ? List.copyOf(many) : List.of(value);
    }

    private static boolean isValid(AttributeDefinition attribute, String text) {
        String said = attribute.validate(text);
        return said == null || said.isEmpty();
    }

    private static String says(AttributeDefinition attribute, String text) {
        String shown = attribute.getType() == AttributeDefinition.PASSWORD ? "***" : "'" + text + "'";
        String description = attribute.getDescription();
        return shown + ", wanted is " + kind(attribute.getType())
                + (description == null || description.isBlank() ? "" : ": " + description.strip());
    }

    private static String kind(int type) {
        return switch (type) {
            case AttributeDefinition.BOOLEAN -> "true or false";
            case AttributeDefinition.BYTE,
                    AttributeDefinition.SHORT,
                    AttributeDefinition.INTEGER,
                    AttributeDefinition.LONG -> "a whole number";
            case AttributeDefinition.FLOAT, AttributeDefinition.DOUBLE -> "a number";
            default -> "another text";
        };
    }
}
