package org.fieldhouse.binding.virtual;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.DeviceContext.Cancellable;
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
final class VirtualLight implements Device {
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

    private @Nullable DeviceContext context;
    private @Nullable Cancellable fading;

    VirtualLight(boolean dims, Duration response) {
        this.dims = dims;
        this.response = response;
    }

    @Override
    public void open(DeviceContext newContext) {
        context = newContext;
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
        now.report(ONOFF, Bool.of(on));
        if (dims) {
            now.report(BRIGHTNESS, new Quantity(brightness, Units.PERCENT));
        }
    }

    @Override
    public void close() {
        context = null;
        fading = null;
    }
}
