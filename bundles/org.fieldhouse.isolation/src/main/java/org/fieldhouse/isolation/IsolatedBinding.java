package org.fieldhouse.isolation;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.ToChild;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A binding of one process, as the house sees it. While the process does not answer, its devices are made unseen, and say why they do not open. */
final class IsolatedBinding implements Binding {
    private static final Logger LOG = LoggerFactory.getLogger(IsolatedBinding.class);
    private static final Duration CREATE = Duration.ofSeconds(5);

    private final Line line;
    private final FromChild.Bound bound;
    /** Tells which devices nobody uses any more, for the process to forget them. */
    private final ReferenceQueue<IsolatedDevice> forgotten = new ReferenceQueue<>();

    private final Map<Reference<?>, Long> made = new ConcurrentHashMap<>();

    IsolatedBinding(Line line, FromChild.Bound bound) {
        this.line = line;
        this.bound = bound;
    }

    /** The same in place of it, when nobody will start its process again. */
    IsolatedBinding givenUp(String reason) {
        line.giveUp(reason);
        return new IsolatedBinding(line, bound);
    }

    @Override
    public String id() {
        return bound.id();
    }

    @Override
    public Set<String> types() {
        return bound.types();
    }

    /** What a device is in its process. @param number of the call that made it; 0 if none did */
    record Made(long number, boolean swappable, boolean linkCapable) {
        static final Made NOT = new Made(0, false, false);
    }

    @Override
    public Device create(DeviceConfig config) throws SettingsException {
        forget();
        Made found;
        try {
            found = make(config);
        } catch (BindingException e) {
            LOG.debug("{}: made unseen: {}", config.id(), e.getMessage());
            config.settings().readElsewhere(List.of(), Set.of());
            found = Made.NOT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            config.settings().readElsewhere(List.of(), Set.of());
            found = Made.NOT;
        }
        IsolatedDevice device = IsolatedDevice.of(line, this, config, found);
        if (found.number > 0) {
            made.put(new PhantomReference<>(device, forgotten), found.number);
        }
        return device;
    }

    /** Makes the device in the process. */
    private Made make(DeviceConfig config) throws SettingsException, BindingException, InterruptedException {
        Settings settings = config.settings();
        Map<String, String> secrets = new HashMap<>();
        settings.namedSecrets().forEach((text, secret) -> secrets.put(name(text), secret.reveal()));
        long call = line.number();
        FromChild.Reply reply = line.call(
                call,
                new ToChild.Create(
                        call,
                        bound.binding(),
                        config.id(),
                        config.name(),
                        config.type(),
                        config.bridge(),
                        nullable(asSent(settings.written())),
                        secrets),
                CREATE);
        if (reply instanceof FromChild.Refused refused) {
            throw new SettingsException(settings.place(refused.path()), refused.message());
        }
        if (!(reply instanceof FromChild.Created created)) {
            line.end("it answered something else than it was asked: " + reply);
            throw new BindingException("the process answers nonsense");
        }
        settings.readElsewhere(created.unread(), created.known());
        return new Made(call, created.swappable(), created.linkCapable());
    }

    /** A device that was made unseen, now that it is to be opened. */
    Made makeNow(DeviceConfig config) throws BindingException, InterruptedException {
        try {
            return make(config);
        } catch (SettingsException e) {
            throw BindingException.permanent(e.place() + ": " + e.getMessage());
        }
    }

    /** {@code ${secret:NAME}} is NAME; {@code ${env:NAME}}, which the process has not, is the secret {@code env:NAME}. */
    private static String name(String text) {
        String inner = text.substring(2, text.length() - 1);
        return inner.startsWith("secret:") ? inner.substring("secret:".length()) : inner;
    }

    private static Object asSent(Object value) {
        if (value instanceof String text && text.startsWith("${env:") && text.endsWith("}")) {
            return "${secret:" + text.substring(2);
        } else if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>();
            list.forEach(v -> out.add(asSent(v)));
            return out;
        } else if (value instanceof Secret) {
            return "***"; // no file has one, and no frame should
        }
        return value instanceof Map<?, ?> map ? asSent(map) : value;
    }

    private static Map<String, Object> asSent(Map<?, ?> map) {
        Map<String, Object> out = new HashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), asSent((Object) value)));
        return out;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> nullable(Map<String, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    private void forget() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            Long number = made.remove(gone);
            if (number != null) {
                line.tell(new ToChild.Forget(number));
            }
        }
    }
}
