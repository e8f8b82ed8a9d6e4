package org.fieldhouse.binding.virtual;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.jspecify.annotations.Nullable;

/** A button that is pressed by its own action: {@code call Bell.press(times: 2)}. */
final class VirtualButton implements Device {
    private static final List<ArgumentSpec> TIMES =
            List.of(new ArgumentSpec("times", ValueSpec.quantity(Unit.ONE, 1, 3).withStep(1), false));

    private @Nullable DeviceContext context;

    @Override
    public void open(DeviceContext newContext) {
        context = newContext;
        newContext.describe(new DeviceDescription(
                "button",
                List.of(),
                List.of(new ActionSpec("press", TIMES, false, "Press")),
                List.of(new EventSpec("pressed", TIMES, "Pressed")),
                null,
                Map.of()));
    }

    @Override
    public void handle(Command command) throws BindingException {
        DeviceContext now = context;
        if (now == null || !(command.request() instanceof CallAction call)) {
            throw new BindingException("a button can only be pressed");
        }
        boolean taken = now.signal("pressed", Map.of("times", call.arguments().getOrDefault("times", Quantity.of(1))));
        if (!taken) {
            throw new BindingException("too many presses wait");
        }
    }

    @Override
    public void close() {
        context = null;
    }
}
