package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which changes had begun when the process ended. What takes the house with it (memory, exit) leaves no other trace, and would be tried at
 * each start for as long as its file lies in {@code deploy/}. It is written down before anything of a change is run and crossed out when the
 * change has ended, done or refused. Features thread alone.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** The first end may have been a power cut. */
    static final int TOLERATED = 2;

    private final Path file;
    /** What was done, to how often it has begun without an end, how often that was told, and what its file was like: {@code 2 1 STATE}. */
    private final Properties begun = new Properties();

    /** @param file it need not be there */
    Attempts(Path file) {
        this.file = file;
        try {
            Remembered.read(file, begun);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("What was being installed when the house ended is not known: {}", e.getMessage());
        }
    }

    private record Attempt(int times, int told, String state) {
        static Attempt of(String line) {
            String[] parts = line.split(" ", 3);
            try {
                return new Attempt(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                return new Attempt(0, 0, "");
            }
        }

        @Override
        public String toString() {
            return times + " " + told + ' ' + state;
        }
    }

    /** How often the house ended while that was being done with a file that was like this. */
    int ended(String what, String state) {
        Attempt attempt = Attempt.of(begun.getProperty(what, ""));
        return attempt.state.equals(state) ? attempt.times : 0;
    }

    /** @param state what the file is like, empty if nobody tries it by himself */
    void begin(String what, String state) {
        Attempt before = Attempt.of(begun.getProperty(what, ""));
        begun.setProperty(
                what,
                new Attempt(ended(what, state) + 1, before.state.equals(state) ? before.told : 0, state).toString());
        write();
    }

    void end(String what) {
        begun.remove(what);
        write();
    }

    /** Tells, once for each time, during what the house ended before this start. What nobody tries by himself is then forgotten. */
    void tell(ObjIntConsumer<String> listener) {
        if (begun.isEmpty()) {
            return;
        }
        for (String what : new TreeSet<>(begun.stringPropertyNames())) {
            Attempt attempt = Attempt.of(begun.getProperty(what));
            if (attempt.times > attempt.told) {
                listener.accept(what, attempt.times);
            }
            if (attempt.state.isEmpty()) {
                begun.remove(what);
            } else {
                begun.setProperty(what, new Attempt(attempt.times, attempt.times, attempt.state).toString());
            }
        }
        write();
    }

    private void write() {
        try {
            if (begun.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Files.createDirectories(file.getParent());
            Remembered.write(file, begun, "Changes that have begun");
        } catch (IOException e) {
            LOG.warn("That a change has begun is not recorded: {}", e.getMessage());
        }
    }
}
