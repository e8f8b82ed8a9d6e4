package org.fieldhouse.binding.mqtt.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.jspecify.annotations.Nullable;

/**
 * A message from the broker. Text and JSON are worked out when first asked for and kept, however many points read them. Used by
 * one thread at a time.
 */
public final class Message {
    private final String topic;
    private final byte[] payload;
    private final boolean retained;
    private @Nullable String text;
    private @Nullable Object json;
    private @Nullable JsonException fault;
    private boolean parsed;

    /** @param retained whether the broker had it in store: an old message, not news */
    public Message(String topic, byte[] payload, boolean retained) {
        this.topic = topic;
        this.payload = payload;
        this.retained = retained;
    }

    public String topic() {
        return topic;
    }

    public byte[] payload() {
        return payload;
    }

    public boolean retained() {
        return retained;
    }

    public boolean isEmpty() {
        return payload.length == 0;
    }

    /** The payload as UTF-8, each malformed sequence as U+FFFD. */
    public String text() {
        String known = text;
        if (known == null) {
            known = new String(payload, StandardCharsets.UTF_8);
            text = known;
        }
        return known;
    }

    /** Whether the payload is UTF-8 throughout. */
    public boolean isText() {
        int ascii = 0;
        while (ascii < payload.length && payload[ascii] >= 0) {
            ascii++;
        }
        if (ascii == payload.length) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * The payload as JSON, see {@link Json#parse(byte[])}.
     *
     * @throws JsonException if it is none; the same one each time
     */
    public @Nullable Object json() throws JsonException {
        if (!parsed) {
            parsed = true;
            try {
                json = Json.parse(payload);
            } catch (JsonException e) {
                fault = e;
            }
        }
        if (fault != null) {
            throw fault;
        }
        return json;
    }

    /** Topic and the beginning of the payload, for logs. */
    @Override
    public String toString() {
        String shown = text();
        return topic + " = " + (shown.length() > 120 ? shown.substring(0, 120) + "…" : shown);
    }
}
