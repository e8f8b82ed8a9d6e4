package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Watcher;
import org.jspecify.annotations.Nullable;

/** A link on the gateway: what one device says is asked of the other. Two devices that are linked both ways come to rest. */
final class Forwarding extends Behaviour {
    private final Code.Link code;
    private final @Nullable Value[] last;
    private long count;
    private long lastSequence;

    Forwarding(Engine engine, Code.Link code) {
        super(engine, code.head());
        this.code = code;
        this.last = new @Nullable Value[code.wires().size()];
    }

    @Override
    void bind(Wiring wiring) {
        for (int i = 0; i < last.length; i++) {
            int wire = i;
            Watcher watcher = cell -> forward(wire, cell);
            wiring.watch(code.wires().get(i).from(), watcher);
        }
    }

    @Override
    void begin() {
        for (int i = 0; i < last.length; i++) {
            last[i] = engine.env.cells[code.wires().get(i).from()].value();
        }
    }

    private void forward(int wire, Cell cell) {
        Value value = cell.good();
        if (value == null || value.equals(last[wire])) {
            return;
        }
        last[wire] = value;
        Code.Wire to = code.wires().get(wire);
        if (value.equals(engine.env.cells[to.to().cell()].good())) {
            return;
        }
        count++;
        lastSequence = engine.sequence;
        engine.interpreter.put(to.to(), value, Map.of(), code.slot(), engine.sequence, at(head.line()));
    }

    @Override
    Set<Claim> claims() {
        Set<Claim> claims = new HashSet<>();
        code.wires().forEach(wire -> claims.add(new Claim(wire.to().id(), code.slot())));
        return claims;
    }

    @Override
    void save(StateOutput out) throws IOException {
        out.number(count);
        out.number(lastSequence);
        out.values(last);
    }

    @Override
    void restore(StateInput in) throws IOException {
        count = in.number();
        lastSequence = in.number();
        @Nullable Value[] saved = in.values();
        System.arraycopy(saved, 0, last, 0, Math.min(saved.length, last.length));
    }

    @Override
    Standing standing() {
        return new Standing(head, count, lastSequence, 0, "runs on the gateway");
    }
}
