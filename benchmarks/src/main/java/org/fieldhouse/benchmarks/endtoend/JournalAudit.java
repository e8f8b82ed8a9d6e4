package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.journal.JournalReader;
import org.fieldhouse.store.sqlite.SqliteStore;

/** Reads the journal of a house that does not run, and says what it holds about presses and about commands to publish. */
final class JournalAudit {
    private final Set<Long> presses = new HashSet<>();
    /** Ids of the commands by topic and payload. */
    private final Map<String, Set<Long>> commands = new HashMap<>();

    private final Map<Long, CommandResult.Outcome> outcomes = new HashMap<>();
    private long events;
    private long unreadable;

    private JournalAudit() {}

    static JournalAudit of(Path home) throws IOException {
        JournalAudit audit = new JournalAudit();
        try (SqliteStore store = new SqliteStore(home.resolve("data/journal"), Clock.systemUTC())) {
            JournalReader reader = new JournalReader(store);
            reader.read(0, audit::take);
            audit.unreadable = reader.unreadableBlocks() + reader.unknownEvents() + store.unreadable();
        } catch (StoreException e) {
            throw new IOException(e);
        }
        return audit;
    }

    private boolean take(Event event) {
        events++;
        Fact fact = event.fact();
        if (fact instanceof Fact.DeviceSignalled signal && signal.arguments().get("n") instanceof Quantity n) {
            presses.add((long) n.number());
        } else if (fact instanceof Fact.CommandAccepted accepted) {
            accepted(accepted.command());
        } else if (fact instanceof Fact.CommandEnded ended) {
            outcomes.put(ended.command(), ended.result().outcome());
        }
        return true;
    }

    private void accepted(Command command) {
        if (command.request() instanceof Request.CallAction call
                && call.action().equals("publish")) {
            String key = call.arguments().get("topic") + " " + call.arguments().get("payload");
            commands.computeIfAbsent(key, k -> new HashSet<>()).add(command.id());
        }
    }

    boolean hasPress(long number) {
        return presses.contains(number);
    }

    /** How many commands there were to publish that. */
    int commands(String topic, long number) {
        return commands.getOrDefault(topic + " " + number, Set.of()).size();
    }

    /** Whether a command to publish that ended so. */
    boolean ended(String topic, long number, CommandResult.Outcome outcome) {
        return commands.getOrDefault(topic + " " + number, Set.of()).stream()
                .anyMatch(id -> outcomes.get(id) == outcome);
    }

    long events() {
        return events;
    }

    /** Blocks or events that could not be read. */
    long unreadable() {
        return unreadable;
    }
}
