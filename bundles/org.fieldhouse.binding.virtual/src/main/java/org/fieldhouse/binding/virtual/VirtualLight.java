package org.fieldhouse.binding.virtual;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.DeviceContext.Cancellable;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.command.Request.Refresh;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** A switch, or a light that can be dimmed. Everything is called on the device's lane, so plain fields will do. */
final class VirtualLight implements Device, LinkCapable {
    static final String ONOFF = "onoff";
    static final String BRIGHTNESS = "brightness";
    static final String FADE = "fade";
    private static final Duration FADE_STEP = Duration.ofMillis(100);
    private static final List<ArgumentSpec> FADES =
            List.of(new ArgumentSpec(FADE, ValueSpec.quantity(Units.SECOND, 0, 3600), false));

    private final boolean dims;
    private final Duration response;
    private boolean on;
    /** 0 to 100 %. */
    private double brightness = 100;

    /** Null for one that cannot command others. */
    private final @Nullable VirtualRadio radio;
    /** Kept over a closing, as a machine keeps it. */
    private final Set<DirectLink> links = new LinkedHashSet<>();

    private volatile @Nullable DeviceContext context;
    private @Nullable Cancellable fading;

    VirtualLight(boolean dims, Duration response, @Nullable VirtualRadio radio) {
        this.radio = radio;
        this.dims = dims;
        this.response = response;
    }

    @Override
    public void open(DeviceContext newContext) {
        context = newContext;
        if (radio != null) {
            radio.join(newContext.id(), this);
        }
        newContext.describe(description());
        report(newContext);
    }

    private DeviceDescription description() {
        PointSpec onoff = PointSpec.control(ONOFF, ValueSpec.ON_OFF);
        PointSpec level = PointSpec.control(
                BRIGHTNESS, ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(1));
        List<PointSpec> points =
                dims ? List.of(onoff.withParameters(FADES), level.withParameters(FADES)) : List.of(onoff);
        ActionSpec toggle = new ActionSpec("toggle", List.of(), false, "Toggle");
        return new DeviceDescription(dims ? "light" : "switch", points, List.of(toggle), List.of(), ONOFF, Map.of());
    }

    @Override
    public void handle(Command command) throws BindingException {
        DeviceContext now = context;
        if (now == null) {
            throw new BindingException("not open");
        }
        if (command.request() instanceof SetPoint set) {
            Map<String, Value> parameters = set.parameters();
            boolean target = set.point().point().equals(ONOFF) ? set.value().equals(Bool.ON) : bool(parameters, on);
            double level = set.value() instanceof Quantity q ? q.number() : number(parameters, BRIGHTNESS, brightness);
            after(now, response, () -> move(now, target, level, number(parameters, FADE, 0)));
        } else if (command.request() instanceof CallAction) {
            after(now, response, () -> move(now, !on, brightness, 0));
        } else if (command.request() instanceof Refresh) {
            report(now);
        }
    }

    private static boolean bool(Map<String, Value> parameters, boolean fallback) {
        return parameters.containsKey(ONOFF) ? Bool.ON.equals(parameters.get(ONOFF)) : fallback;
    }

    private static double number(Map<String, Value> parameters, String name, double fallback) {
        return parameters.get(name) instanceof Quantity q ? q.number() : fallback;
    }

    private static void after(DeviceContext now, Duration delay, DeviceContext.LaneTask task) {
        now.after(delay, task);
    }

    /** Goes to the target, in steps if it has to fade. */
    private void move(DeviceContext now, boolean target, double level, double fadeSeconds) {
        if (fading != null) {
            fading.cancel();
            fading = null;
        }
        on = target;
        long steps = dims ? Math.round(fadeSeconds * 1000 / FADE_STEP.toMillis()) : 0;
        if (steps == 0) {
            brightness = level;
            report(now);
            return;
        }
        double step = (level - brightness) / steps;
        fading = now.every(FADE_STEP, () -> {
            boolean there = Math.abs(level - brightness) <= Math.abs(step);
            brightness = there ? level : brightness + step;
            report(now);
            if (there && fading != null) {
                fading.cancel();
            }
        });
    }

    private void report(DeviceContext now) {
        Map<String, Value> values = new LinkedHashMap<>();
        values.put(ONOFF, Bool.of(on));
        if (dims) {
            values.put(BRIGHTNESS, new Quantity(brightness, Units.PERCENT));
        }
        values.forEach(now::report);
        for (DirectLink link : links) {
            Map<String, Value> carried = new LinkedHashMap<>(values);
            carried.keySet().retainAll(link.points());
            if (radio != null) {
                radio.send(link.to(), carried);
            }
        }
    }

    /** Another light commands this one. Any thread. */
    void hear(Map<String, Value> values) {
        DeviceContext now = context;
        if (now != null) {
            now.execute(() -> {
                boolean target = bool(values, on);
                double level = number(values, BRIGHTNESS, brightness);
                if (target != on || level != brightness) {
                    move(now, target, level, 0);
                }
            });
        }
    }

    // ---- links

    @Override
    public CompletionStage<Void> program(DirectLink link) throws BindingException {
        if (radio == null) {
            throw new BindingException("it was told not to (links: false)");
        }
        if (!radio.reaches(link.to())) {
            throw new BindingException("the other device is out of reach");
        }
        if (!List.of(ONOFF, BRIGHTNESS).containsAll(link.points())) {
            throw new BindingException("it carries onoff and brightness only");
        }
        links.add(link);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> remove(DirectLink link) {
        links.remove(link);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Boolean> verify(DirectLink link) {
        return CompletableFuture.completedFuture(links.contains(link));
    }

    @Override
    public void close() {
        DeviceContext now = context;
        if (radio != null && now != null) {
            radio.leave(now.id(), this);
        }
        context = null;
        fading = null;
    }
}
