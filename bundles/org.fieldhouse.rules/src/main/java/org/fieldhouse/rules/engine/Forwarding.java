package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Watcher;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/**
 * A link. On the gateway, what one device says is asked of the other; two devices that are linked both ways come to rest. While the
 * machine does it itself, which events of the journal say, nothing is forwarded.
 */
final class Forwarding extends Behaviour {
    private final Code.Link code;
    private final @Nullable Value[] last;
    private long count;
    private long lastSequence;
    private boolean atDevice;
    private String reason = "the device was not asked yet";

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
        wiring.listen(Fact.ExternalFact.class, this);
    }

    boolean wantsDevice() {
        return code.runAt() != Decl.RunAt.GATEWAY;
    }

    LinkStanding link() {
        return new LinkStanding(head.name(), code.direct(), atDevice, at(head.line()));
    }

    @Override
    void happened(Fact fact) {
        if (engine.origin == Cause.Origin.RULE
                && fact instanceof Fact.ExternalFact placed
                && placed.type().equals(LinkFacts.PLACED)
                && LinkFacts.link(placed).equals(head.name())) {
            atDevice = LinkFacts.isAt(placed, LinkFacts.At.DEVICE);
            reason = LinkFacts.reason(placed);
        }
    }

    @Override
    void end(Set<Claim> staying) {
        if (wantsDevice()) {
            engine.put(new Output.Link(head.name(), code.direct(), false, engine.cause, at(head.line())));
        }
    }

    @Override
    void begin() {
        for (int i = 0; i < last.length; i++) {
            last[i] = engine.env.cells[code.wires().get(i).from()].value();
        }
        if (wantsDevice()) {
            engine.put(new Output.Link(head.name(), code.direct(), true, engine.cause, at(head.line())));
        }
    }

    private void forward(int wire, Cell cell) {
        Value value = cell.good();
        if (value == null || value.equals(last[wire])) {
            return;
        }
        last[wire] = value;
        Code.Wire to = code.wires().get(wire);
        if (atDevice
                || code.runAt() == Decl.RunAt.DEVICE
                || value.equals(engine.env.cells[to.to().cell()].good())) {
            return;
        }
        count++;
        engine.reached(head, Probe.RAN);
        lastSequence = engine.sequence;
        engine.interpreter.put(to.to(), value, Map.of(), code.slot(), engine.cause, at(head.line()));
    }

    @Override
    Set<Claim> claims() {
        Set<Claim> claims = new HashSet<>();
        code.wires().forEach(wire -> claims.add(new Claim(wire.to().id(), code.slot())));
        return claims;
    }

    @Override
    void save(StateOutput out) {
        out.number(count);
        out.number(lastSequence);
        out.values(last);
        out.flag(atDevice);
        out.text(reason);
    }

    @Override
    void restore(StateInput in) throws IOException {
        count = in.number();
        lastSequence = in.number();
        @Nullable Value[] saved = in.values();
        System.arraycopy(saved, 0, last, 0, Math.min(saved.length, last.length));
        atDevice = in.flag();
        reason = in.text();
    }

    @Override
    Standing standing() {
        return new Standing(head, count, lastSequence, 0, where());
    }

    private String where() {
        if (atDevice) {
            return "runs at the device";
        }
        String why = reason.isEmpty() || !wantsDevice() ? "" : ": " + reason;
        return (code.runAt() == Decl.RunAt.DEVICE ? "does not run" : "runs on the gateway") + why;
    }
}
