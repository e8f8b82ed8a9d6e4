package org.fieldhouse.rules.engine;

import java.io.IOException;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Schedule;
import org.fieldhouse.rules.program.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is worth sending to the other side. What it decides is a fact of the journal; the uplink reads it from there by cursor,
 * so that what the other side could not take waits in order.
 */
final class Uploading extends Behaviour {
    private final Code.Upload code;
    private final @Nullable Value[] last;
    private final @Nullable Moments tick;
    private long count;
    private long lastSequence;

    private final class Tick extends Moments {
        Tick(Schedule every) {
            super(Uploading.this.engine, every);
        }

        @Override
        boolean makesUp() {
            return true;
        }

        @Override
        void come() {
            for (int i = 0; i < last.length; i++) {
                Value value = engine.env.cells[code.items().get(i).cell()].good();
                if (value != null) {
                    upload(i, value);
                }
            }
        }
    }

    Uploading(Engine engine, Code.Upload code) {
        super(engine, code.head());
        this.code = code;
        this.last = new @Nullable Value[code.items().size()];
        this.tick = code.every() == null ? null : new Tick(code.every());
    }

    @Override
    void bind(Wiring wiring) {
        if (code.changed()) {
            for (int i = 0; i < last.length; i++) {
                int item = i;
                Watcher watcher = cell -> changed(item, cell);
                wiring.watch(code.items().get(i).cell(), watcher);
            }
        }
    }

    @Override
    void begin() {
        if (tick != null) {
            tick.plan();
        }
    }

    @Override
    void clockStepped(long by) {
        if (tick != null) {
            tick.clockStepped(by);
        }
    }

    private void changed(int item, Cell cell) {
        Value value = cell.good();
        if (value != null && worth(value, last[item], code.items().get(item))) {
            upload(item, value);
        }
    }

    private boolean worth(Value value, @Nullable Value before, Code.Item item) {
        if (before == null || item.by() == null || !(value instanceof Quantity a) || !(before instanceof Quantity b)) {
            return !value.equals(before);
        }
        double least = item.by().eval(engine.env) * (item.share() ? Math.abs(b.number()) : 1);
        return a.unit().convertsTo(b.unit())
                && Math.abs(a.number() - b.unit().convert(b.number(), a.unit())) >= least * (1 - 1e-9);
    }

    private void upload(int item, Value value) {
        last[item] = value;
        count++;
        engine.reached(head, Probe.RAN);
        lastSequence = engine.sequence;
        engine.put(new Output.Upload(
                code.to(), code.items().get(item).name(), value, engine.env.wall(), engine.cause, at(head.line())));
    }

    @Override
    void save(StateOutput out) {
        out.number(count);
        out.number(lastSequence);
        out.values(last);
        if (tick != null) {
            tick.save(out);
        }
    }

    @Override
    void restore(StateInput in) throws IOException {
        count = in.number();
        lastSequence = in.number();
        @Nullable Value[] saved = in.values();
        System.arraycopy(saved, 0, last, 0, Math.min(saved.length, last.length));
        if (tick != null) {
            tick.restore(in);
        } else if (in.format() <= Engine.WITHOUT_STEPS) {
            in.flag();
        }
    }

    @Override
    Standing standing() {
        return new Standing(head, count, lastSequence, 0, "to " + code.to());
    }
}
