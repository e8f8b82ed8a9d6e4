package org.fieldhouse.isolation;

import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.isolation.wire.ToChild;
import org.fieldhouse.isolation.wire.WireCodec.TooLargeException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of the house's configurations a process gets, and in which words: its own, and of the others it hears nothing. */
final class Configurations {
    private static final Logger LOG = LoggerFactory.getLogger(Configurations.class);

    private final ConfigurationAdmin admin;

    Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    void send(IsolatedFeature feature, Consumer<ToChild> to) {
        try {
            Configuration[] all = admin.listConfigurations(null);
            for (Configuration each : all == null ? new Configuration[0] : all) {
                if (concerns(feature, each.getPid())) {
                    send(each.getPid(), each.getFactoryPid(), each.getProperties(), to);
                }
            }
        } catch (IOException | InvalidSyntaxException e) {
            LOG.error("Feature {} gets no configurations", feature.name(), e);
        }
    }

    /** One that has changed, or is gone. */
    void changed(IsolatedFeature feature, String pid, @Nullable String factory, boolean deleted, Consumer<ToChild> to) {
        if (!concerns(feature, pid)) {
            return;
        }
        try {
            Configuration[] found = deleted ? null : admin.listConfigurations("(service.pid=" + pid + ")");
            send(pid, factory, found == null ? null : found[0].getProperties(), to);
        } catch (IOException | InvalidSyntaxException e) {
            LOG.error("Feature {} does not hear of configuration {}", feature.name(), pid, e);
        }
    }

    static boolean concerns(IsolatedFeature feature, String pid) {
        for (String wanted : feature.configurations()) {
            boolean begins = pid.startsWith(wanted);
            if (begins && (pid.length() == wanted.length() || ".~".indexOf(pid.charAt(wanted.length())) >= 0)) {
                return true;
            }
        }
        return false;
    }

    private static void send(
            String pid, @Nullable String factory, @Nullable Dictionary<String, Object> values, Consumer<ToChild> to) {
        String name = factory == null ? pid : pid.substring(pid.indexOf('~') + 1);
        try {
            to.accept(
                    new ToChild.Configure(factory == null ? "" : factory, name, values == null ? null : plain(values)));
        } catch (TooLargeException e) {
            LOG.error("Configuration {}: {}", pid, e.getMessage());
        }
    }

    private static Map<String, @Nullable Object> plain(Dictionary<String, Object> values) {
        Map<String, @Nullable Object> out = new HashMap<>();
        for (Enumeration<String> keys = values.keys(); keys.hasMoreElements(); ) {
            String key = keys.nextElement();
            out.put(key, plain(values.get(key)));
        }
        return out;
    }

    /** Arrays and collections are lists; components take a list wherever they take an array. */
    private static Object plain(Object value) {
        List<Object> list = new ArrayList<>();
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(plain(Array.get(value, i)));
            }
            return list;
        } else if (value instanceof Collection<?> all) {
            all.forEach(each -> list.add(plain(each)));
            return list;
        }
        return value;
    }
}
