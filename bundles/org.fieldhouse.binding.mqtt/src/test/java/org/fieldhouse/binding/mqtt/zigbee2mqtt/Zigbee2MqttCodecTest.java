package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.binding.mqtt.codec.Gesture;
import org.fieldhouse.binding.mqtt.codec.HueSaturation;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bridge/devices} in the shape of Zigbee2MQTT 2.x (guide, "Exposes"), written by hand for each type of expose. */
@Tag("golden")
class Zigbee2MqttCodecTest {
    private static final String ADDRESS = "0x00158d0001a2b3ff";
    private static final Map<String, NetworkDevice> NETWORK =
            Zigbee2MqttCodec.devices(load(), Zigbee2MqttCodecTest::unexpected);

    private static Object load() {
        try (InputStream in = Zigbee2MqttCodecTest.class.getResourceAsStream("devices.json")) {
            return Json.parse(in.readAllBytes());
        } catch (java.io.IOException | JsonException e) {
            throw new IllegalStateException(e);
        }
    }

    private static NetworkDevice device(String name) {
        return NETWORK.values().stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static PointSpec point(String device, String point) {
        return device(device).description().point(point).orElseThrow();
    }

    private static Coding coding(String device, String point) {
        return device(device).byPoint().get(point).coding();
    }

    @Test
    void knowsWhatEachDeviceIs() {
        assertThat(NETWORK).hasSize(11).doesNotContainKey("0x00124b0001010101");
        assertThat(device("hall/light").description().type()).isEqualTo("light");
        assertThat(device("Küche + Bad/Taster").description().type()).isEqualTo("switch");
        assertThat(device("Front door").description().type()).isEqualTo("contact");
        assertThat(device("Hall motion").description().type()).isEqualTo("motion");
        assertThat(device("Living/valve").description().type()).isEqualTo("lock");
        assertThat(device("Bedroom.Blind").description().type()).isEqualTo("cover");
        assertThat(device("Remote").description().type()).isEqualTo("button");
        assertThat(device("Front door").title()).isEqualTo("Sensormaker C-1, Door and window sensor");
    }

    @Test
    void theMainPointIsTheOneThatPeopleMean() {
        Map<String, String> main = Map.of(
                "hall/light",
                "onoff",
                "Küche + Bad/Taster",
                "power",
                "Front door",
                "contact",
                "Hall motion",
                "occupancy",
                "Living/valve",
                "temperature",
                "Bedroom.Blind",
                "open",
                "Door lock",
                "locked",
                "Ceiling fan",
                "onoff");
        main.forEach(
                (d, p) -> assertThat(device(d).description().mainPoint()).as(d).isEqualTo(p));
        assertThat(device("Remote").description().mainPoint()).isNull();
    }

    @Test
    void aLampHasBrightnessInPerCentAndColourTemperatureInKelvin() {
        assertThat(point("hall/light", "brightness").value().describe()).isEqualTo("0 to 100 %");
        assertThat(point("hall/light", "brightness").parameters())
                .extracting("name")
                .containsExactly("fade");
        assertThat(point("hall/light", "color_temp").value().describe()).isEqualTo("2000 to 6550 K");
        assertThat(coding("hall/light", "brightness").decode(254L)).isEqualTo(Reading.good(Quantity.of(100, "%")));
        assertThat(coding("hall/light", "brightness").encode(Quantity.of(60, "%")))
                .isEqualTo(152L);
        assertThat(coding("hall/light", "brightness").decode(152L)).isEqualTo(Reading.good(Quantity.of(60, "%")));
        assertThat(coding("hall/light", "color_temp").encode(Quantity.of(2700, "K")))
                .isEqualTo(370L);
        assertThat(coding("hall/light", "color_temp").decode(370L)).isEqualTo(Reading.good(Quantity.of(2700, "K")));
        assertThat(point("hall/light", "effect").access()).isEqualTo(Access.WRITE);
        assertThat(point("hall/light", "power_on_behavior").category()).isEqualTo(Category.CONFIGURATION);
        assertThat(device("hall/light").description().details()).doesNotContainKey("unit of linkquality");
        assertThat(device("hall/light").description().actions())
                .extracting(ActionSpec::name)
                .containsExactly("toggle", "update");
    }

    @Property
    void whatIsAskedOfALampComesBack(@ForAll @DoubleRange(min = 0, max = 100) double percent) {
        double asked = Math.round(percent * 2) / 2.0;
        Coding c = coding("hall/light", "brightness");
        assertThat(c.decode(c.encode(Quantity.of(asked, "%")))).isEqualTo(Reading.good(Quantity.of(asked, "%")));
        double kelvin = 2000 + Math.round(percent / 100 * 91) * 50;
        Coding t = coding("hall/light", "color_temp");
        assertThat(t.decode(t.encode(Quantity.of(kelvin, "K")))).isEqualTo(Reading.good(Quantity.of(kelvin, "K")));
    }

    @Test
    void aColourIsOnePointWhicheverWayItIsSaid() {
        Coding c = coding("hall/light", "color");
        assertThat(c.decode(Map.of("x", 0.3127, "y", 0.329))).isEqualTo(Reading.good(new Colour(0.3127, 0.329)));
        assertThat(c.decode(Map.of("hue", 0L, "saturation", 100L))).isEqualTo(Reading.good(Colour.ofRgb(0xff0000)));
        assertThat(c.encode(new Colour(0.70061, 0.29931))).isEqualTo(Map.of("x", 0.7006, "y", 0.2993));
        assertThat(c.decode(Map.of("x", 7L))).isInstanceOf(Reading.Bad.class);
        for (int rgb : new int[] {0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0x80ff00, 0xff8080, 0xffffff}) {
            double[] hs = HueSaturation.ofRgb(rgb);
            assertThat(HueSaturation.toRgb(hs[0], hs[1])).isEqualTo(rgb);
        }
    }

    @Test
    void endpointsAreInTheNames() {
        assertThat(device("Küche + Bad/Taster").byPoint())
                .containsOnlyKeys("onoff_left", "onoff_right", "power", "energy");
        assertThat(device("Küche + Bad/Taster").byPoint().get("onoff_left").key())
                .isEqualTo("state_left");
    }

    @Test
    void aContactIsOpenWhenItIsNotMade() {
        assertThat(point("Front door", "contact").value().options()).containsExactly("closed", "open");
        assertThat(coding("Front door", "contact").decode(false)).isEqualTo(Reading.ON);
        assertThat(coding("Front door", "contact").decode(true)).isEqualTo(Reading.OFF);
        assertThat(point("Front door", "battery").category()).isEqualTo(Category.DIAGNOSTIC);
    }

    @Test
    void aThermostatHasTheConventionalNames() {
        assertThat(point("Living/valve", "setpoint").value().describe()).isEqualTo("5 to 30 °C");
        assertThat(point("Living/valve", "setpoint").category()).isEqualTo(Category.SETPOINT);
        assertThat(point("Living/valve", "temperature").value().unit()).isEqualTo(Units.CELSIUS);
        assertThat(point("Living/valve", "mode").value().options()).containsExactly("off", "auto", "heat");
        assertThat(point("Living/valve", "locked").value().options()).containsExactly("unlocked", "locked");
        assertThat(device("Living/valve").byPoint().get("schedule_settings_comfort"))
                .extracting("key", "part")
                .containsExactly("schedule_settings", "comfort");
    }

    @Test
    void aBlindOpensClosesAndStops() {
        Coding c = coding("Bedroom.Blind", "open");
        assertThat(c.encode(Bool.ON)).isEqualTo("OPEN");
        assertThat(c.decode("CLOSE")).isEqualTo(Reading.OFF);
        assertThat(c.decode("STOP")).isEqualTo(Reading.ABSENT);
        assertThat(device("Bedroom.Blind").actions()).containsEntry("stop", Map.of("state", "STOP"));
    }

    @Test
    void theActionsOfARemoteAreEvents() {
        DeviceDescription d = device("Remote").description();
        assertThat(d.events())
                .extracting(EventSpec::name)
                .containsExactly("action", "pressed", "double_pressed", "held", "on", "brightness_move_up", "released");
        assertThat(d.event("pressed").orElseThrow().arguments())
                .extracting("name")
                .containsExactly("action", "button", "step_size");
        assertThat(d.points()).extracting(PointSpec::name).containsExactly("battery");
    }

    @ParameterizedTest
    @CsvSource({
        "single,pressed,''",
        "1_single,pressed,1",
        "single_left,pressed,left",
        "button_2_hold,held,2",
        "double,double_pressed,''",
        "on_press_release,released,on",
        "on_hold,held,on",
        "arrow_left_click,pressed,arrow_left",
        "brightness_move_up,brightness_move_up,''",
        "rotate_right,rotate_right,''",
        "long_press,held,''",
        "4_triple,triple_pressed,4",
        "release,released,''",
        "0x41 §,p0x41,''"
    })
    void namesGestures(String action, String event, String button) {
        assertThat(Gesture.of(action)).isEqualTo(new Gesture(event, button));
    }

    @Test
    void whatIsNotKnownIsLeftOutAndNamed() {
        assertThat(device("Door lock").description().details()).containsEntry("not used: x", "unknown type 'holodeck'");
        assertThat(device("Door lock").actions()).containsKey("identify");
        assertThat(coding("Living/valve", "mode").decode("turbo"))
                .isEqualTo(Reading.bad("'turbo' is not one of off, auto, heat"));
        assertThat(coding("Hall motion", "illuminance").decode("dark"))
                .isEqualTo(Reading.bad("'dark' is not a number"));
        assertThat(coding("hall/light", "onoff").decode("maybe")).isInstanceOf(Reading.Bad.class);
        assertThat(coding("Living/valve", "mode").decode("heat")).isEqualTo(Reading.good(new Choice("heat")));
    }

    @Test
    void aGroupHasWhatItsMembersShare() throws JsonException {
        Object groups = Json.parse(
                """
                [{"id":7,"friendly_name":"hall/all","members":[
                  {"ieee_address":"0x00158d0001a2b301","endpoint":11},{"ieee_address":"0x00158d0001a2b30a","endpoint":1}],"scenes":[]},
                 {"id":8,"friendly_name":"empty","members":[]},{"friendly_name":"no id"},17]""");
        Map<String, NetworkDevice> found = Zigbee2MqttCodec.groups(groups, NETWORK);
        assertThat(found).containsOnlyKeys("group:7", "group:8");
        assertThat(found.get("group:7").byPoint()).containsOnlyKeys("onoff", "brightness");
        assertThat(found.get("group:7").description().mainPoint()).isEqualTo("onoff");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"state\":\"online\"}|true",
                "online|true",
                "{\"state\":\"offline\"}|false",
                "offline|false",
                "{}|",
                "17|"
            })
    void readsBothFormsOfAvailability(String payload, Boolean online) {
        Object json = null;
        try {
            json = Json.parse(payload);
        } catch (JsonException plain) {
            json = null;
        }
        assertThat(Zigbee2MqttCodec.online(payload, json)).isEqualTo(Optional.ofNullable(online));
    }

    @Property(tries = 300)
    void garbageInTheListNeverThrows(@ForAll("json") Object json) {
        assertThat(Zigbee2MqttCodec.devices(
                        List.of(Map.of("ieee_address", ADDRESS, "definition", Map.of("exposes", json))),
                        Zigbee2MqttCodecTest::unexpected))
                .isNotNull();
        assertThat(Zigbee2MqttCodec.devices(json, text -> {})).isNotNull();
        assertThat(Zigbee2MqttCodec.groups(json, NETWORK)).isNotNull();
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<Object> json() {
        return org.fieldhouse.binding.mqtt.json.Garbage.json(
                "type",
                "name",
                "property",
                "features",
                "access",
                "values",
                "value_min",
                "value_max",
                "exposes",
                "endpoint",
                "light",
                "numeric",
                "enum",
                "binary",
                "composite",
                "cover",
                "state",
                "action",
                "color_xy",
                "brightness");
    }

    /** A device of nothing but these exposes. */
    private static NetworkDevice of(String exposes) throws JsonException {
        String json =
                "[{'ieee_address':'" + ADDRESS + "','friendly_name':'X','definition':{'exposes':[" + exposes + "]}}]";
        return Zigbee2MqttCodec.devices(Json.parse(json.replace('\'', '"')), Zigbee2MqttCodecTest::unexpected)
                .get(ADDRESS);
    }

    private static void unexpected(String malformed) {
        throw new AssertionError(malformed);
    }

    @Test
    void anEntryWithoutAnAddressIsToldOfAndKeepsNoOtherOut() throws JsonException {
        List<String> told = new ArrayList<>();
        Map<String, NetworkDevice> devices = Zigbee2MqttCodec.devices(
                Json.parse("[{\"ieee_address\":\"0x1\"},{\"type\":\"Router\"},7,{\"ieee_address\":\"" + ADDRESS + "\"},"
                        + "{\"ieee_address\":\"0xGGGG8d0001a2b301\"},{\"type\":\"Coordinator\"}]"),
                told::add);
        assertThat(devices).containsOnlyKeys(ADDRESS);
        assertThat(told)
                .hasSize(4)
                .first()
                .asString()
                .contains("no device with an IEEE address: '{\"ieee_address\":\"0x1\"}'");
    }

    @Test
    void aClosedContactIsClosedHoweverTheDefinitionNamesItsTwoValues() throws JsonException {
        for (String words : List.of("'value_on':false,'value_off':true", "'value_on':true,'value_off':false")) {
            NetworkDevice d = of("{'type':'binary','name':'contact','property':'contact','access':1," + words + "}");
            assertThat(d.byPoint().get("contact").coding().decode(true)).isEqualTo(Reading.OFF);
        }
    }

    @Test
    void aMiredThatIsAWordInDisguiseIsNoTemperature() throws JsonException {
        NetworkDevice d = of("{'type':'numeric','name':'color_temp_startup','property':'color_temp_startup','access':7,"
                + "'value_min':153,'value_max':500}");
        assertThat(d.byPoint().get("color_temp_startup").coding().decode(65535)).isInstanceOf(Reading.Bad.class);
    }

    @Test
    void aCompositeInACompositeAndAnActionInOneAreNotLost() throws JsonException {
        NetworkDevice d = of("{'type':'composite','name':'areas','property':'areas','access':3,'features':["
                + "{'type':'composite','name':'one','property':'one','access':3,'features':["
                + "{'type':'numeric','name':'x','property':'x','access':3}]},"
                + "{'type':'enum','name':'action','property':'action','access':2,'values':['dim','full']}]}");
        assertThat(d.byPoint()).containsOnlyKeys("areas_one", "areas_action");
        assertThat(d.byPoint().get("areas_action").coding().encode(new Choice("dim")))
                .isEqualTo("dim");
    }

    @Test
    void whatComesWithAnActionIsAnArgumentOfIt() throws JsonException {
        String zone = "{'type':'text','name':'action_zone','property':'action_zone','access':1}";
        NetworkDevice keypad =
                of("{'type':'enum','name':'action','property':'action','access':1,'values':['arm']}," + zone);
        assertThat(keypad.description().event("arm").orElseThrow().arguments())
                .anyMatch(a -> a.name().equals("zone"));
        assertThat(of(zone).byPoint()).containsOnlyKeys("action_zone");
    }

    @Test
    void aCalibrationIsADifferenceOfTemperatures() throws JsonException {
        NetworkDevice d = of("{'type':'numeric','name':'probe_offset','property':'probe_offset','access':7,"
                + "'unit':'°C','value_min':-9,'value_max':9}");
        assertThat(d.byPoint().get("probe_offset").spec().value().unit()).isEqualTo(Units.KELVIN);
    }

    @Test
    void aValueListedTwiceIsOnePoint() throws JsonException {
        NetworkDevice d = of("{'type':'enum','name':'m','property':'m','access':1,'values':['a','b']},"
                + "{'type':'enum','name':'m','property':'m','access':3,'values':['b','a']}");
        assertThat(d.byPoint()).containsOnlyKeys("m");
        assertThat(d.byPoint().get("m").spec().access()).isEqualTo(Access.READ_WRITE);
    }
}
