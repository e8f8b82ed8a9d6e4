package org.fieldhouse.binding.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.testkit.BindingContract;
import org.fieldhouse.testkit.FakeContext;
import org.fieldhouse.testkit.FakeContext.Report;
import org.junit.jupiter.api.Test;

class VirtualBindingTest extends BindingContract {
    private static final Duration RESPONSE = Duration.ofMillis(20);
    private static final DeviceId ID = new DeviceId("v");

    private final FakeContext context = new FakeContext(ID);

    @Override
    protected Binding binding() {
        return new VirtualBinding(RESPONSE, 1);
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("switch", Map.of()),
                new Example("dimmer", Map.of()),
                new Example("button", Map.of()),
                new Example("sensor", Map.of("point", "humidity", "unit", "%", "min", 20L, "max", 80L, "wave", "walk")),
                new Example("sensor", Map.of("period", "1 min", "interval", "5 s")),
                new Example(
                        "thermostat", Map.of("outside", -5L, "start", 16.5, "follows", "20 min", "interval", "5 s")));
    }

    private Device open(String type, Map<String, Object> settings) throws Exception {
        Device device = binding().create(new DeviceConfig(ID, "V", type, null, Settings.of(settings)));
        device.open(context);
        return device;
    }

    private static Command command(Request request) {
        return new Command(1, request, Cause.RUNTIME, 0, 10_000_000);
    }

    private static Command set(String point, Value value, Map<String, Value> parameters) {
        return command(new SetPoint(new PointId(ID, point), value, 12, null, parameters));
    }

    @Test
    void aSwitchReportsWhatItWasTold() throws Exception {
        Device device = open("switch", Map.of());
        device.handle(set("onoff", Bool.ON, Map.of()));
        assertThat(context.last("onoff")).contains(Bool.OFF);
        context.advance(RESPONSE);
        assertThat(context.last("onoff")).contains(Bool.ON);
        device.handle(command(new CallAction(ID, "toggle", Map.of())));
        context.advance(RESPONSE);
        assertThat(context.last("onoff")).contains(Bool.OFF);
    }

    @Test
    void aSwitchCommandsALampByItself() throws Exception {
        Binding binding = binding();
        DeviceId lampId = new DeviceId("lamp");
        FakeContext lampContext = new FakeContext(lampId);
        Device from = binding.create(new DeviceConfig(ID, "V", "dimmer", null, Settings.of(Map.of())));
        Device lamp = binding.create(new DeviceConfig(lampId, "L", "dimmer", null, Settings.of(Map.of())));
        from.open(context);
        lamp.open(lampContext);
        DirectLink link = new DirectLink(ID, lampId, List.of("onoff"));
        assertThat(((LinkCapable) from).verify(link)).isCompletedWithValue(false);
        ((LinkCapable) from).program(link);
        assertThat(((LinkCapable) from).verify(link)).isCompletedWithValue(true);
        from.handle(set("onoff", Bool.ON, Map.of("brightness", Quantity.of(20, "%"))));
        context.advance(RESPONSE);
        lampContext.advance(RESPONSE);
        assertThat(lampContext.last("onoff")).contains(Bool.ON);
        assertThat(lampContext.last("brightness")).contains(Quantity.of(100, "%"));
        ((LinkCapable) from).remove(link);
        from.handle(set("onoff", Bool.OFF, Map.of()));
        context.advance(RESPONSE);
        lampContext.advance(RESPONSE);
        assertThat(lampContext.last("onoff")).contains(Bool.ON);
    }

    @Test
    void aDimmerFadesInSteps() throws Exception {
        Device device = open("dimmer", Map.of());
        device.handle(set("onoff", Bool.ON, Map.of("brightness", Quantity.of(20, "%"), "fade", Quantity.of(2, "s"))));
        context.advance(Duration.ofMillis(1020));
        assertThat(((Quantity) context.last("brightness").orElseThrow()).number())
                .isBetween(55.0, 65.0);
        context.advance(Duration.ofSeconds(2));
        assertThat(context.last("brightness")).contains(Quantity.of(20, "%"));
        assertThat(context.timers()).isZero();
    }

    @Test
    void aSineStaysBetweenItsBoundsAndTouchesThem() throws Exception {
        open("sensor", Map.of("min", 10L, "max", 30L, "period", "1 min", "interval", "1 s"));
        context.advance(Duration.ofMinutes(2));
        List<Double> numbers = context.reports().stream()
                .map(Report::value)
                .map(v -> ((Quantity) v).number())
                .toList();
        assertThat(numbers).hasSize(121).allMatch(n -> n >= 10 && n <= 30);
        assertThat(numbers).anyMatch(n -> n < 10.2).anyMatch(n -> n > 29.8);
    }

    @Test
    void aButtonSaysHowOftenItWasPressed() throws Exception {
        Device device = open("button", Map.of());
        device.handle(command(new CallAction(ID, "press", Map.of("times", Quantity.of(2)))));
        assertThat(context.signals())
                .containsExactly(new FakeContext.Signal("pressed", Map.of("times", Quantity.of(2))));
    }

    @Test
    void aThermostatBringsTheRoomToItsSetpoint() throws Exception {
        Device device = open("thermostat", Map.of("start", 15L));
        device.handle(set("setpoint", Quantity.of(21, "°C"), Map.of()));
        context.advance(Duration.ofHours(4));
        assertThat(((Quantity) context.last("temperature").orElseThrow()).number())
                .isBetween(20.5, 21.5);
        assertThat(context.last("setpoint")).contains(Quantity.of(21, "°C"));
    }

    @Test
    void namesThePlaceOfASettingThatCannotBe() {
        assertThatThrownBy(() -> open("sensor", Map.of("min", 30L, "max", 20L)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("'max' 20.0 is not above 'min' 30.0");
        assertThatThrownBy(() -> open("sensor", Map.of("unit", "furlong")))
                .hasMessageContaining("there is no unit 'furlong'");
    }
}
