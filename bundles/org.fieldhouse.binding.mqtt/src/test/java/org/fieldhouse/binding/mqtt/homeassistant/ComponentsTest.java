package org.fieldhouse.binding.mqtt.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.client.Message;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.json.Garbage;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.template.TemplateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery messages in the shapes that Zigbee2MQTT, Tasmota and ESPHome send, component by component. */
class ComponentsTest {
    static EntityConfig config(String component, String json) {
        try {
            DiscoveryCodec.Announcement a =
                    DiscoveryCodec.read(component, "node_obj", "obj", Json.object(Json.parse(json.replace('\'', '"'))));
            return a.entities().get(0);
        } catch (JsonException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Entity entity(String component, String json) {
        return Components.entity(config(component, json));
    }

    /** What the entity's points say after a message on a topic, as text; events as {@code !name args}. */
    static Map<String, String> feed(Entity e, String topic, String payload) throws TemplateException {
        Map<String, String> out = new TreeMap<>();
        for (Entity.Input i : e.inputs()) {
            if (i.topic().equals(topic)) {
                i.reader().read(new Message(topic, payload.getBytes(StandardCharsets.UTF_8), false), new Entity.Sink() {
                    @Override
                    public void report(String point, Reading r) {
                        out.put(
                                point,
                                r instanceof Reading.Good g
                                        ? g.value().toString()
                                        : r.getClass().getSimpleName());
                    }

                    @Override
                    public void signal(String event, Map<String, Value> arguments) {
                        out.put("!" + event, new TreeMap<>(arguments).toString());
                    }
                });
            }
        }
        return out;
    }

    static String write(Entity e, Map<String, Value> values) throws TemplateException {
        List<String> out = new ArrayList<>();
        Entity.Writer w = e.writers().get(values.keySet().iterator().next());
        w.write(values).forEach(p -> out.add(p.topic() + " " + p.payload()));
        return String.join(" | ", out);
    }

    /** Else the runtime, which counts in microseconds, would not take the device at all. */
    @Test
    void anAgeOfAgesIsTenYears() {
        Entity e = entity("sensor", "{'state_topic':'t','unique_id':'u','expire_after':1e300}");
        assertThat(e.points().get(0).maxAge()).isNotNull().isLessThan(Duration.ofDays(3_653));
    }

    private static List<String> points(Entity e) {
        return e.points().stream()
                .map(p -> p.name() + " " + p.access() + " " + p.value().describe())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "sensor§{'stat_t':'t','dev_cla':'temperature','unit_of_meas':'°C','val_tpl':'{{ value_json.temperature }}'}§{\"temperature\":21.4}§{temperature=21.4 °C}",
                "sensor§{'state_topic':'t','name':'Linkquality','unit_of_measurement':'lqi','value_template':'{{ value_json.linkquality }}'}§{\"linkquality\":70}§{linkquality=70}",
                "sensor§{'~':'tele/x','stat_t':'t','name':'Energy','unit_of_meas':'kWh','val_tpl':'{{value_json.ENERGY.Total}}'}§{\"ENERGY\":{\"Total\":12.5}}§{energy=12.5 kWh}",
                "sensor§{'state_topic':'t','name':'Mode'}§cosy§{mode=cosy}",
                "sensor§{'state_topic':'t','device_class':'enum','options':['a','b'],'name':'Phase'}§b§{phase=b}",
                "sensor§{'state_topic':'t','device_class':'enum','options':['a','b'],'name':'Phase'}§c§{phase=Bad}",
                "sensor§{'state_topic':'t','device_class':'timestamp','name':'Seen'}§2026-11-20T10:00:00+01:00§{seen=2026-11-20T09:00:00Z}",
                "sensor§{'state_topic':'t','device_class':'power','unit_of_measurement':'W'}§None§{power=Unknown}",
                "sensor§{'state_topic':'t','device_class':'power','unit_of_measurement':'W'}§lots§{power=Bad}",
                "sensor§{'state_topic':'t','device_class':'power','unit_of_measurement':'W','value_template':'{{ value_json.p | is_defined }}'}§{}§{power=Absent}",
                "binary_sensor§{'state_topic':'t','device_class':'door','payload_on':false,'payload_off':true,'value_template':'{{ value_json.contact }}'}§{\"contact\":false}§{contact=on}",
                "binary_sensor§{'state_topic':'t','device_class':'motion'}§OFF§{occupancy=off}",
                "binary_sensor§{'state_topic':'t','name':'Tamper'}§maybe§{tamper=Bad}",
                "switch§{'cmd_t':'c','stat_t':'t','pl_on':'1','pl_off':'0','name':null}§1§{onoff=on}",
                "number§{'cmd_t':'c','stat_t':'t','name':'Delay','min':0,'max':60,'unit_of_meas':'s'}§15§{delay=15 s}",
                "select§{'cmd_t':'c','stat_t':'t','name':'Scene','options':['day','night']}§night§{scene=night}",
                "text§{'cmd_t':'c','stat_t':'t','name':'Note'}§hello§{note=hello}",
                "cover§{'cmd_t':'c','stat_t':'t'}§opening§{open=on}",
                "cover§{'cmd_t':'c','pos_t':'t','set_pos_t':'s','pos_open':0,'pos_clsd':255}§255§{open=off, position=0 %}",
                "valve§{'cmd_t':'c','stat_t':'t','pos':true}§40§{position=40 %}",
                "lock§{'cmd_t':'c','stat_t':'t'}§LOCKED§{locked=on}",
                "lock§{'cmd_t':'c','stat_t':'t'}§JAMMED§{locked=Unknown}",
                "device_tracker§{'stat_t':'t'}§not_home§{presence=off}",
                "alarm_control_panel§{'cmd_t':'c','stat_t':'t'}§armed_away§{alarm=armed_away}",
                "update§{'stat_t':'t','val_tpl':'{{ value_json.update | to_json }}'}§{\"update\":{\"installed_version\":\"1\",\"latest_version\":\"2\"}}§{installed_version=1, latest_version=2}",
                "event§{'stat_t':'t','event_types':['single','double'],'name':'Left'}§{\"event_type\":\"double\"}§{!double_pressed={action=double, button=left}}",
                "device_automation§{'t':'t','atype':'trigger','type':'button_short_press','stype':'button_1','pl':'on'}§on§{!pressed={action=on, button=1}}",
                "device_automation§{'t':'t','atype':'trigger','type':'action','stype':'2_double','pl':'2_double'}§2_double§{!double_pressed={action=2_double, button=2}}",
                "device_automation§{'t':'t','atype':'trigger','type':'action','stype':'2_double','pl':'2_double'}§other§{}",
                "fan§{'cmd_t':'c','stat_t':'x','pct_stat_t':'t','pct_cmd_t':'p','spd_rng_max':4}§2§{speed=50 %}",
                "humidifier§{'cmd_t':'c','hum_cmd_t':'h','hum_stat_t':'t'}§45§{target_humidity=45 %}",
                "climate§{'mode_cmd_t':'m','curr_temp_t':'t','curr_temp_tpl':'{{ value_json.t }}','temp_stat_t':'t','temp_stat_tpl':'{{ value_json.s }}','temp_cmd_t':'s','act_t':'t','act_tpl':\"{% set v = {'heat':'heating','idle':'idle'} %}{{ v[value_json.r] }}\"}§{\"t\":20.5,\"s\":21,\"r\":\"heat\"}§{running_state=heating, setpoint=21 °C, temperature=20.5 °C}"
            })
    void readsWhatIsSaid(String component, String config, String payload, String expected) throws Exception {
        Entity e = config.contains("{%") ? templated(component) : entity(component, config);
        assertThat(e.unsupported()).isNull();
        assertThat(feed(e, "t", payload)).hasToString(expected);
    }

    /** The one template with single quotes in it. */
    private static Entity templated(String component) throws JsonException {
        String json =
                "{\"mode_cmd_t\":\"m\",\"curr_temp_t\":\"t\",\"curr_temp_tpl\":\"{{ value_json.t }}\",\"temp_stat_t\":\"t\","
                        + "\"temp_stat_tpl\":\"{{ value_json.s }}\",\"temp_cmd_t\":\"s\",\"act_t\":\"t\","
                        + "\"act_tpl\":\"{% set v = {'heat':'heating','idle':'idle'} %}{{ v[value_json.r] }}\"}";
        return Components.entity(DiscoveryCodec.read(component, "o", "o", Json.object(Json.parse(json)))
                .entities()
                .get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{'uniq_id':'u','stat_t':[]} ~ 'state_topic' is no text: '[]'",
                "{'uniq_id':{'a':1},'stat_t':'t'} ~ 'unique_id' is no text: '{\"a\":1}'",
                "{'uniq_id':'u','stat_t':'t','val_tpl':{}} ~ 'value_template' is no text: '{}'"
            },
            quoteCharacter = '`')
    void aTextThatIsNoneIsNotTakenForItsJson(String json, String why) throws JsonException {
        assertThat(entity("sensor", json.replace('\'', '"')).unsupported()).isEqualTo(why);
    }

    @Test
    void aJsonLightIsWrittenInOneFrame() throws Exception {
        Entity e = entity(
                "light",
                "{'schema':'json','cmd_t':'c','stat_t':'t','brightness':true,'brightness_scale':254,"
                        + "'supported_color_modes':['xy','color_temp'],'effect':true,'effect_list':['blink'],'name':null}");
        assertThat(points(e))
                .containsExactly(
                        "onoff READ_WRITE on or off",
                        "brightness READ_WRITE 0 to 100 %",
                        "color_temp READ_WRITE 2000 to 6550 K",
                        "color READ_WRITE colour",
                        "effect READ_WRITE one of blink");
        assertThat(
                        feed(
                                e,
                                "t",
                                "{\"state\":\"ON\",\"brightness\":127,\"color\":{\"x\":0.3127,\"y\":0.329},\"color_temp\":370}"))
                .hasToString("{brightness=50 %, color=#ffffff, color_temp=2700 K, onoff=on}");
        Map<String, Value> all = new java.util.LinkedHashMap<>();
        all.put("onoff", Bool.ON);
        all.put("brightness", Quantity.of(50, "%"));
        all.put("fade", Quantity.of(2, "s"));
        assertThat(write(e, all)).isEqualTo("c {\"state\":\"ON\",\"brightness\":127,\"transition\":2}");
        assertThat(write(e, Map.of("onoff", Bool.OFF))).isEqualTo("c {\"state\":\"OFF\"}");
        assertThat(write(e, Map.of("color", new Colour(0.7, 0.3))))
                .contains("\"state\":\"ON\"")
                .contains("\"x\":0.7");
    }

    @Test
    void aBasicLightIsWrittenTopicByTopic() throws Exception {
        Entity e = entity(
                "light",
                "{'cmd_t':'c','stat_t':'t','bri_cmd_t':'b','bri_stat_t':'bs','rgb_cmd_t':'r','rgb_stat_t':'rs','name':'Ring'}");
        assertThat(points(e)).extracting(p -> p.split(" ")[0]).containsExactly("ring", "ring_brightness", "ring_color");
        assertThat(write(e, Map.of("ring", Bool.ON))).isEqualTo("c ON");
        assertThat(write(e, Map.of("ring_brightness", Quantity.of(100, "%")))).isEqualTo("b 255");
        assertThat(write(e, Map.of("ring_color", Colour.ofRgb(0xff0000)))).isEqualTo("r 255,0,0");
        assertThat(feed(e, "rs", "0,0,255")).hasToString("{ring_color=#0000ff}");
    }

    @Test
    void aTemplateLightUsesItsTemplates() throws Exception {
        Entity e = entity(
                "light",
                "{'schema':'template','cmd_t':'c','stat_t':'t','cmd_on_tpl':'on,{{ brightness|d }},{{ transition|d }}',"
                        + "'cmd_off_tpl':'off','stat_tpl':'{{ value.split(\\u0022,\\u0022)[0] }}',"
                        + "'bri_tpl':'{{ value.split(\\u0022,\\u0022)[1] }}'}");
        assertThat(e.unsupported()).isNull();
        assertThat(feed(e, "t", "on,255")).hasToString("{brightness=100 %, onoff=on}");
        assertThat(write(e, Map.of("brightness", Quantity.of(20, "%")))).isEqualTo("c on,51,");
        assertThat(write(e, Map.of("onoff", Bool.OFF))).isEqualTo("c off");
    }

    @Test
    void commandsAreEncodedAsConfigured() throws Exception {
        assertThat(write(
                        entity(
                                "number",
                                "{'cmd_t':'c','cmd_tpl':'{\\u0022delay\\u0022: {{ value }} }','name':'Delay'}"),
                        Map.of("delay", Quantity.of(12.5))))
                .isEqualTo("c {\"delay\": 12.5 }");
        assertThat(write(
                        entity("cover", "{'cmd_t':'c','pos_t':'t','set_pos_t':'s','pos_open':0,'pos_clsd':255}"),
                        Map.of("position", Quantity.of(100, "%"))))
                .isEqualTo("s 0");
        assertThat(write(
                        entity("fan", "{'cmd_t':'c','pct_cmd_t':'p','spd_rng_max':4}"),
                        Map.of("speed", Quantity.of(75, "%"))))
                .isEqualTo("p 3");
        Entity alarm = entity(
                "alarm_control_panel",
                "{'cmd_t':'c','stat_t':'t','cmd_tpl':'{{ action }}:{{ code }}','sup_feat':['arm_away']}");
        assertThat(alarm.actions()).extracting("name").containsExactly("arm_away", "disarm");
        assertThat(alarm.callers()
                        .get("disarm")
                        .call(Map.of("code", new Text("1234")))
                        .payload())
                .isEqualTo("DISARM:1234");
        Entity button = entity("button", "{'cmd_t':'c','pl_prs':'reboot','dev_cla':'restart','qos':1,'retain':true}");
        assertThat(button.callers().get("restart").call(Map.of()))
                .isEqualTo(new Entity.Publication("c", "reboot", 1, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sensor|{'stat_t':'t','val_tpl':'{{ value | regex_findall_index(1) }}'}|regex_findall_index",
                "sensor|{'stat_t':'a/#/b'}|# can only be the last level",
                "switch|{'cmd_t':'c/+'}|wildcards",
                "light|{'schema':'yaml','cmd_t':'c'}|schema 'yaml'",
                "light|{'cmd_t':'c','rgb_cmd_t':'r','rgb_cmd_tpl':'{{ red }}'}|rgb_command_template",
                "camera|{'t':'t'}|component 'camera' is not supported",
                "sensor|{}|no topic",
                "select|{'cmd_t':'c'}|without options",
                "climate|{'curr_temp_t':'t','curr_temp_tpl':'{{ states(1) }}'}|function 'states'"
            })
    void whatIsNotUnderstoodIsNamed(String line) {
        Entity e = entity(
                line.substring(0, line.indexOf('|')), line.substring(line.indexOf('|') + 1, line.lastIndexOf('|')));
        assertThat(e.unsupported()).contains(line.substring(line.lastIndexOf('|') + 1));
        assertThat(e.points()).isEmpty();
    }

    @Test
    void abbreviationsAndTheBaseTopicAreWrittenOut() throws Exception {
        DiscoveryCodec.Announcement a = DiscoveryCodec.read(
                "device",
                "garage",
                "garage",
                Json.object(
                        Json.parse(
                                """
                        {"~":"home/garage","dev":{"ids":["g1"],"name":"Garage","mf":"Maker","mdl":"G","sw":"1.2"},"o":{"name":"x"},
                         "avty":[{"t":"~/avail"}],"stat_t":"~/state","qos":2,
                         "cmps":{"door":{"p":"cover","uniq_id":"g1d","cmd_t":"~/door/set","stat_t":"~/door"},
                                 "temp":{"p":"sensor","uniq_id":"g1t","dev_cla":"temperature","unit_of_meas":"°C","val_tpl":"{{value_json.t}}"},
                                 "old":{"p":"sensor"}}}""")));
        assertThat(a.entities()).extracting(EntityConfig::identity).containsExactly("cover g1d", "sensor g1t");
        Entity door = Components.entity(a.entities().get(0));
        Entity temp = Components.entity(a.entities().get(1));
        assertThat(door.inputs().get(0).topic()).isEqualTo("home/garage/door");
        assertThat(temp.inputs().get(0).topic()).isEqualTo("home/garage/state");
        assertThat(temp.inputs().get(0).qos()).isEqualTo(2);
        assertThat(temp.availability().sources().get(0).topic()).isEqualTo("home/garage/avail");
        Assembly assembly = Assembly.of(List.of(door, temp));
        assertThat(assembly.description().type()).isEqualTo("cover");
        assertThat(assembly.description().mainPoint()).isEqualTo("open");
        assertThat(assembly.description().details())
                .containsEntry("manufacturer", "Maker")
                .containsEntry("firmware", "1.2");
    }

    @Test
    void entitiesOfTheSameNameAreToldApart() {
        Entity a = entity("switch", "{'cmd_t':'c','uniq_id':'1','dev':{'ids':'d'}}");
        Entity b = Components.entity(new EntityConfig(
                "switch", "n_two", "two", Map.of("command_topic", "d", "unique_id", "2"), Map.of("identifiers", "d")));
        Assembly both = Assembly.of(List.of(a, b));
        assertThat(both.description().points()).extracting(PointSpec::name).containsExactly("onoff", "onoff_two");
        assertThat(both.places().get("onoff_two").local()).isEqualTo("onoff");
    }

    @ParameterizedTest
    @CsvSource({
        "homeassistant/sensor/a/config,sensor|a|a",
        "homeassistant/sensor/n/a/config,sensor|n_a|a",
        "homeassistant/device/x/config,device|x|x",
        "homeassistant/status,",
        "homeassistant/a/b/c/d/config,",
        "other/sensor/a/config,"
    })
    void knowsConfigTopics(String topic, String place) {
        String[] found = DiscoveryCodec.place("homeassistant", topic);
        assertThat(found == null ? null : String.join("|", found)).isEqualTo(place);
    }

    @Property(tries = 500)
    void garbageNeverThrows(@ForAll("configs") Object json, @ForAll("names") String component) throws Exception {
        Map<String, Object> config = new java.util.HashMap<>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((k, v) -> config.put(String.valueOf(k), v));
        }
        config.put("stat_t", "t");
        config.put("cmd_t", "c");
        for (EntityConfig c : DiscoveryCodec.read(component, "o", "o", config).entities()) {
            Entity e = Components.entity(c);
            try {
                feed(e, "t", org.fieldhouse.binding.mqtt.json.JsonWriter.write(json));
                feed(e, "t", "ON");
            } catch (TemplateException expected) {
                assertThat(expected.getMessage()).isNotNull();
            }
            assertThat(Assembly.of(List.of(e)).description()).isNotNull();
        }
    }

    @Provide
    Arbitrary<Object> configs() {
        return Garbage.json(
                "dev",
                "ids",
                "cmps",
                "p",
                "sensor",
                "light",
                "schema",
                "json",
                "val_tpl",
                "{{ value_json.state }}",
                "options",
                "avty",
                "t",
                "min",
                "max",
                "event_types",
                "name",
                "brightness",
                "supported_color_modes",
                "xy",
                "state",
                "color",
                "stat_t",
                "position_open",
                "spd_rng_min",
                "off_delay",
                "exp_aft",
                "device_class",
                "unit_of_meas");
    }

    @Provide
    Arbitrary<String> names() {
        return net.jqwik.api.Arbitraries.of(
                "sensor",
                "binary_sensor",
                "light",
                "switch",
                "cover",
                "valve",
                "climate",
                "fan",
                "humidifier",
                "lock",
                "event",
                "device_automation",
                "number",
                "select",
                "text",
                "update",
                "button",
                "siren",
                "device_tracker",
                "alarm_control_panel",
                "device",
                "scene");
    }

    @Test
    void aCoversTemplateMayCallThePositionByItsName() throws TemplateException {
        Entity e = entity("cover", "{'cmd_t':'c','pos_t':'t','set_pos_t':'s','set_pos_tpl':'to {{ position }}'}");
        assertThat(e.unsupported()).isNull();
        assertThat(write(e, Map.of("position", org.fieldhouse.api.value.Quantity.of(40, "%"))))
                .isEqualTo("s to 40");
    }

    @Test
    void aSirenTakesTheDefaultsOfItsTemplateAndStopsByAnother() throws TemplateException {
        Entity e = entity(
                "siren",
                "{'command_topic':'c','command_template':'{{ tone | default(1) }} {{ duration is defined }}',"
                        + "'command_off_template':'quiet'}");
        assertThat(write(e, Map.of("siren", org.fieldhouse.api.value.Bool.ON))).isEqualTo("c 1 False");
        assertThat(write(e, Map.of("siren", org.fieldhouse.api.value.Bool.OFF))).isEqualTo("c quiet");
    }
}
