package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.codec.HueSaturation;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.jspecify.annotations.Nullable;

/** How Zigbee2MQTT writes one kind of value in JSON, and what the house makes of it. Pure. */
sealed interface Coding {

    /** What a JSON value means. Null means that Zigbee2MQTT does not know it. */
    Reading decode(Object raw);

    /**
     * The JSON value for that.
     *
     * @throws IllegalArgumentException for a value of another kind
     */
    @Nullable
    Object encode(Value value);

    /**
     * A two-valued state.
     *
     * @param on on the wire, may be text, number or boolean
     * @param off on the wire
     * @param ignored wire values that say nothing about the state, such as STOP
     */
    record TwoValued(Object on, Object off, List<Object> ignored) implements Coding {
        @Override
        public Reading decode(Object raw) {
            if (same(on, raw)) {
                return Reading.ON;
            }
            if (same(off, raw)) {
                return Reading.OFF;
            }
            return ignored.contains(raw)
                    ? Reading.ABSENT
                    : Reading.bad(
                            Scalars.shown(raw) + " is neither " + Scalars.shown(on) + " nor " + Scalars.shown(off));
        }

        private static boolean same(Object known, Object raw) {
            return known.equals(raw)
                    || known instanceof String s && raw instanceof String r && s.equalsIgnoreCase(r)
                    || known instanceof Number n && raw instanceof Number r && n.doubleValue() == r.doubleValue();
        }

        @Override
        public Object encode(Value value) {
            return Bool.ON.equals(expect(Bool.class, value)) ? on : off;
        }
    }

    /**
     * A number.
     *
     * @param unit that the house shows
     * @param factor from the wire's number to the unit's
     * @param grain what a shown number is rounded to, so that what was asked comes back; 0 for not at all
     * @param whole whether the wire wants whole numbers
     */
    record Numeric(Unit unit, double factor, double grain, boolean whole) implements Coding {
        @Override
        public Reading decode(Object raw) {
            double number = Scalars.number(raw);
            if (Double.isNaN(number)) {
                return Reading.bad(Scalars.shown(raw) + " is not a number");
            }
            double shown = number * factor;
            return Reading.good(new Quantity(grain > 0 ? Math.round(shown / grain) * grain : shown, unit));
        }

        @Override
        public Object encode(Value value) {
            double wire = expect(Quantity.class, value).in(unit).number() / factor;
            return whole ? (Object) Math.round(wire) : (Object) wire;
        }
    }

    /** Colour temperature: mired (10⁶/K) on the wire, kelvin in the house, in steps of {@value #GRAIN} K. */
    record Mired() implements Coding {
        /** One mired is up to 43 K at the cold end, so 50 K come back as they were asked. */
        static final double GRAIN = 50;
        /** 500 K. Above it are words in disguise: 65535 is "as it was before". */
        static final double MAX = 2000;

        private static final double MEGA = 1e6;

        static double kelvin(double mired) {
            return Math.round(MEGA / mired / GRAIN) * GRAIN;
        }

        @Override
        public Reading decode(Object raw) {
            double mired = Scalars.number(raw);
            return mired >= 1 && mired <= MAX
                    ? Reading.good(new Quantity(kelvin(mired), Units.KELVIN))
                    : Reading.bad(Scalars.shown(raw) + " is not a colour temperature in mired");
        }

        @Override
        public Object encode(Value value) {
            double kelvin = expect(Quantity.class, value).in(Units.KELVIN).number();
            double mired = MEGA / kelvin;
            if (!(mired >= 1 && mired <= MAX)) {
                throw new IllegalArgumentException("'" + value + "' is no colour temperature (500 K and above)");
            }
            return Math.round(mired);
        }
    }

    /** One of a set of options, text or number on the wire. @param options by their text */
    record Enumerated(Map<String, Object> options) implements Coding {
        public Enumerated {
            options = new LinkedHashMap<>(options);
        }

        @Override
        public Reading decode(Object raw) {
            String text = Scalars.text(raw);
            return options.containsKey(text)
                    ? Reading.good(new Choice(text))
                    : text.isEmpty()
                            ? Reading.ABSENT
                            : Reading.bad(Scalars.shown(raw) + " is not one of " + String.join(", ", options.keySet()));
        }

        @Override
        public @Nullable Object encode(Value value) {
            return options.get(expect(Choice.class, value).option());
        }
    }

    /** A text as it is. */
    record Textual() implements Coding {
        @Override
        public Reading decode(Object raw) {
            return Scalars.textual(raw);
        }

        @Override
        public Object encode(Value value) {
            return expect(Text.class, value).value();
        }
    }

    /** A list or a nested object, shown and written as JSON text. */
    record Structured() implements Coding {
        @Override
        public Reading decode(Object raw) {
            return Scalars.textual(raw);
        }

        @Override
        public @Nullable Object encode(Value value) {
            String text = expect(Text.class, value).value();
            try {
                return Json.parse(text);
            } catch (JsonException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /**
     * A colour: {@code {"x":0.3,"y":0.4}} or {@code {"hue":30,"saturation":80}}, whichever comes.
     *
     * @param hueSaturation whether the lamp is to be told hue and saturation
     */
    record Coloured(boolean hueSaturation) implements Coding {
        private static final double GRAIN = 1e4;

        @Override
        public Reading decode(Object raw) {
            Map<String, @Nullable Object> o = Json.object(raw);
            if (o == null) {
                return Scalars.colour(raw);
            }
            double x = Scalars.number(o.get("x"));
            double y = Scalars.number(o.get("y"));
            if (x >= 0 && x <= 1 && y >= 0 && y <= 1) {
                return Reading.good(new Colour(x, y));
            }
            double hue = Scalars.number(o.get("hue"));
            double saturation = Scalars.number(o.get("saturation"));
            return hue >= 0 && hue <= 360 && saturation >= 0 && saturation <= 100
                    ? Reading.good(Colour.ofRgb(HueSaturation.toRgb(hue, saturation)))
                    : Reading.bad(Scalars.shown(raw) + " is not a colour");
        }

        @Override
        public Object encode(Value value) {
            Colour c = expect(Colour.class, value);
            if (hueSaturation) {
                double[] hs = HueSaturation.ofRgb(c.toRgb());
                return Map.of("hue", Math.round(hs[0]), "saturation", Math.round(hs[1]));
            }
            return Map.of("x", Math.round(c.x() * GRAIN) / GRAIN, "y", Math.round(c.y() * GRAIN) / GRAIN);
        }
    }

    private static <T extends Value> T expect(Class<T> type, Value value) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("'" + value + "' is no " + type.getSimpleName());
        }
        return type.cast(value);
    }
}
