package org.fieldhouse.runtime.journal;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;

/** Facts that sum up a state, as bytes: a snapshot in the words of the journal, so that restoring and replaying are one thing. */
public final class FactList {
    private FactList() {}

    public static byte[] encode(List<Fact> facts) {
        BlockWriter writer = new BlockWriter();
        long number = 1;
        for (Fact fact : facts) {
            writer.add(new Event(number++, 0, Cause.RUNTIME, fact));
        }
        return writer.build().data();
    }

    /** @throws IllegalArgumentException if the bytes are damaged */
    public static List<Fact> decode(byte[] data) {
        List<Fact> out = new ArrayList<>();
        try {
            new BlockReader(data).read(event -> out.add(event.fact()));
        } catch (CorruptException e) {
            throw new IllegalArgumentException("damaged: " + e.getMessage(), e);
        }
        return out;
    }
}
