package org.fieldhouse.history.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history's files and what is not in them yet. One thread adds, writes and tidies; any thread reads. States and the cursor up to
 * which they reach go to disk together.
 */
public final class Store {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final Pattern NAME = Pattern.compile("(\\d{10})\\.(log|seg|tmp)");

    private final Path directory;
    private final Limits limits;
    private final Damage damage = new Damage();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    // Changed under the lock by the writing thread.
    private final TreeMap<Long, Part> parts = new TreeMap<>();
    private final Memory memory = new Memory();
    private @Nullable Log current;

    // The writing thread.
    private long cursor;
    private long cursorMicros;
    private volatile long flushed;

    private Store(Path directory, Limits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    /**
     * How files grow.
     *
     * @param logBytes a log that is longer is sorted into a segment
     * @param logMicros and one that covers a longer time, µs
     */
    public record Limits(long logBytes, long logMicros) {
        public static final Limits DEFAULT = new Limits(16L << 20, 86_400_000_000L);
    }

    /** Opens a directory, which is made if it is not there; cuts off what was not written to its end. */
    public static Store open(Path directory, Limits limits) throws IOException {
        Store store = new Store(directory, limits);
        Files.createDirectories(directory);
        store.load();
        return store;
    }

    // ---- the writing thread

    private void load() throws IOException {
        Map<Long, Path> logs = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (!name.matches()) {
                    continue;
                }
                long number = Long.parseLong(name.group(1));
                switch (name.group(2)) {
                    case "tmp" -> Files.delete(file);
                    case "seg" -> parts.put(number, Segment.open(number, file, damage));
                    default -> logs.put(number, file);
                }
            }
        }
        for (Map.Entry<Long, Path> each : logs.entrySet()) {
            if (parts.containsKey(each.getKey())) {
                Files.delete(each.getValue()); // it was sorted, and the process ended then
                continue;
            }
            Log log = Log.open(each.getKey(), each.getValue(), damage);
            log.trim();
            parts.put(each.getKey(), log);
        }
        if (!parts.isEmpty() && parts.lastEntry().getValue() instanceof Log log && !isLong(log)) {
            current = log;
        }
        for (Part part : parts.values()) {
            if (part.extent().cursor() > 0) {
                cursor = part.extent().cursor();
                cursorMicros = Math.max(cursorMicros, part.extent().cursorMicros());
            }
        }
        flushed = cursor;
    }

    private boolean isLong(Log log) {
        return log.bytes() >= limits.logBytes
                || log.extent().states() > 0
                        && log.extent().last() - log.extent().first() >= limits.logMicros;
    }

    /** A state that a point took on. */
    public record Sample(PointId point, long micros, State state) {}

    /** Adds what was read from the journal, up to an event of that number and time. Cannot fail. */
    public void add(List<Sample> samples, long upTo, long micros) {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            for (Sample each : samples) {
                memory.add(each.point, each.micros, each.state);
            }
        } finally {
            writing.unlock();
        }
        cursor = upTo;
        cursorMicros = Math.max(cursorMicros, micros);
    }

    /** Number of the newest event that was added. */
    public long cursor() {
        return cursor;
    }

    /** Its time, µs since 1970. */
    public long cursorMicros() {
        return cursorMicros;
    }

    /** Goes on from another place of the journal. */
    public void rewind(long to) {
        cursor = to;
    }

    /** The newest event up to which everything is on disk. Any thread. */
    public long flushed() {
        return flushed;
    }

    /** Writes what is in memory. When this returns it survives a crash; if it throws it is still in memory. */
    public void flush() throws IOException {
        if (cursor == flushed && memory.states() == 0) {
            return;
        }
        Log log = current;
        if (log == null) {
            long number = next();
            log = Log.create(number, directory.resolve(String.format("%010d", number) + Log.SUFFIX));
            Lock writing = lock.writeLock();
            writing.lock();
            try {
                parts.put(number, log);
                current = log;
            } finally {
                writing.unlock();
            }
        }
        Log.Written written;
        try (Batch batch = new Batch()) {
            written = log.write(memory.all(), batch, cursor, cursorMicros);
        } catch (IOException e) {
            giveUp(log);
            throw e;
        }
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            log.add(written, cursor, cursorMicros);
            memory.clear();
            if (isLong(log)) {
                current = null;
            }
        } finally {
            writing.unlock();
        }
        flushed = cursor;
    }

    private long next() {
        return parts.isEmpty() ? 1 : parts.lastKey() + 1;
    }

    /** What a failed write left must not stand before a later commit. */
    private void giveUp(Log log) {
        try {
            log.trim();
        } catch (IOException e) {
            LOG.debug("{} cannot be cut; the next write goes to another file", log.file(), e);
            Lock writing = lock.writeLock();
            writing.lock();
            try {
                current = null;
            } finally {
                writing.unlock();
            }
        }
    }

    /** Whether {@link #sort} has something to do. */
    public boolean hasLongLog() {
        for (Part part : parts.values()) {
            if (part instanceof Log && part != current) {
                return true;
            }
        }
        return false;
    }

    /** Sorts logs that are long enough, one at most. @return whether there may be another one */
    public boolean sort() throws IOException {
        for (Part part : List.copyOf(parts.values())) {
            if (part instanceof Log log && log != current) {
                if (log.extent().states() == 0 && log.number() < parts.lastKey()) {
                    replace(log, null);
                } else {
                    replace(log, Segment.sort(log, damage));
                }
                return true;
            }
        }
        return false;
    }

    private void replace(Part old, @Nullable Part by) throws IOException {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            if (by == null) {
                parts.remove(old.number());
            } else {
                parts.put(old.number(), by);
            }
            Files.deleteIfExists(old.file());
        } finally {
            writing.unlock();
        }
    }

    /**
     * Removes the oldest segments: those that ended before a time, and as many as is necessary for a size. The newest file stays.
     *
     * @param beforeMicros µs since 1970
     */
    public void prune(long beforeMicros, long mostBytes) throws IOException {
        long bytes = bytes();
        for (Part part : List.copyOf(parts.values())) {
            if (part == parts.lastEntry().getValue()) {
                return;
            }
            if (part.extent().last() >= beforeMicros && bytes <= mostBytes) {
                return;
            }
            bytes -= part.bytes();
            replace(part, null);
            LOG.info("history: {} is older than what is kept, and removed", part.file());
        }
    }

    // ---- any thread

    /** States in memory. */
    public long waiting() {
        return underLock(() -> memory.states());
    }

    /** What memory takes, about. */
    public long waitingBytes() {
        return underLock(() -> memory.bytes());
    }

    /** States on disk. */
    public long kept() {
        return underLock(() ->
                parts.values().stream().mapToLong(p -> p.extent().states()).sum());
    }

    /** Bytes on disk. */
    public long bytes() {
        return underLock(() -> parts.values().stream().mapToLong(Part::bytes).sum());
    }

    /** Time of the oldest state on disk, µs since 1970; {@link Long#MAX_VALUE} if there is none. */
    public long since() {
        return underLock(() ->
                parts.values().stream().mapToLong(p -> p.extent().first()).min().orElse(Long.MAX_VALUE));
    }

    /** Pieces that could not be read. */
    public long damaged() {
        return damage.count();
    }

    private interface Question {
        long answer();
    }

    private long underLock(Question question) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            return question.answer();
        } finally {
            reading.unlock();
        }
    }

    /** Reads the states of a point from a time on, up to another, until the reader answers false. */
    public void read(PointId point, Instant from, Instant to, Predicate<PastState> reader) throws IOException {
        Walk walk = new Walk(point, Segment.micros(from));
        List<PastState> states = next(walk);
        while (states != null) {
            for (PastState each : states) {
                if (!each.time().isBefore(to)) {
                    return;
                }
                if (!each.time().isBefore(from) && !reader.test(each)) {
                    return;
                }
            }
            states = next(walk);
        }
    }

    /**
     * How far a reader is. It keeps its place while logs are written and sorted: a place is a file's number and how many of the point's
     * states in it were passed, and neither writing nor sorting changes their order or moves one to another number. What is in memory
     * belongs to the file that it will go to.
     */
    private static final class Walk {
        final PointId point;
        final long from;
        long number;
        long passed;
        private @Nullable Part part;
        private List<ChunkRef> chunks = List.of();

        Walk(PointId point, long from) {
            this.point = point;
            this.from = from;
        }

        void at(long newNumber) {
            if (number != newNumber) {
                number = newNumber;
                passed = 0;
            }
        }

        /** The index of a segment is read once. */
        List<ChunkRef> chunks(Part of, Damage damage) throws IOException {
            if (part != of || of instanceof Log) {
                chunks = of.chunks(point, damage);
                part = of;
            }
            return chunks;
        }
    }

    /** The next states, which may be none; null at the end. */
    private @Nullable List<PastState> next(Walk walk) throws IOException {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            Log growing = current;
            long newest = growing == null ? next() : growing.number();
            while (true) {
                Map.Entry<Long, Part> entry = parts.ceilingEntry(walk.number);
                walk.at(entry == null ? newest : entry.getKey());
                long seen = 0;
                if (entry != null
                        && (walk.number == newest || entry.getValue().extent().last() >= walk.from)) {
                    Part part = entry.getValue();
                    for (ChunkRef chunk : walk.chunks(part, damage)) {
                        seen += chunk.count();
                        if (seen > walk.passed) {
                            long skip = walk.passed - (seen - chunk.count());
                            walk.passed = seen;
                            if (chunk.last() >= walk.from) {
                                return rest(part.states(chunk, damage), skip);
                            }
                        }
                    }
                }
                if (walk.number == newest) {
                    return inMemory(walk, seen);
                }
                walk.at(walk.number + 1);
            }
        } finally {
            reading.unlock();
        }
    }

    private @Nullable List<PastState> inMemory(Walk walk, long before) {
        long seen = before;
        for (ChunkForm chunk : memory.chunks(walk.point)) {
            seen += chunk.count();
            if (seen > walk.passed) {
                long skip = walk.passed - (seen - chunk.count());
                walk.passed = seen;
                return rest(chunk.states(), skip);
            }
        }
        return null;
    }

    private static List<PastState> rest(List<PastState> states, long skip) {
        return skip <= 0 ? states : states.subList((int) Math.min(skip, states.size()), states.size());
    }

    /** The last state before a time. */
    public Optional<PastState> before(PointId point, Instant time) throws IOException {
        long micros = Segment.micros(time);
        long number = Long.MAX_VALUE;
        while (true) {
            Lock reading = lock.readLock();
            reading.lock();
            try {
                if (number == Long.MAX_VALUE) {
                    Optional<PastState> found = last(memory.chunks(point), time);
                    if (found.isPresent()) {
                        return found;
                    }
                }
                Map.Entry<Long, Part> entry = parts.lowerEntry(number);
                if (entry == null) {
                    return Optional.empty();
                }
                number = entry.getKey();
                Optional<PastState> found = last(entry.getValue(), point, micros, time);
                if (found.isPresent()) {
                    return found;
                }
            } finally {
                reading.unlock();
            }
        }
    }

    private static Optional<PastState> last(List<ChunkForm> chunks, Instant time) {
        for (int i = chunks.size() - 1; i >= 0; i--) {
            Optional<PastState> found = lastOf(chunks.get(i).states(), time);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<PastState> last(Part part, PointId point, long micros, Instant time) throws IOException {
        if (part.extent().first() >= micros) {
            return Optional.empty();
        }
        List<ChunkRef> chunks = part.chunks(point, damage);
        for (int i = chunks.size() - 1; i >= 0; i--) {
            if (chunks.get(i).first() < micros) {
                Optional<PastState> found = lastOf(part.states(chunks.get(i), damage), time);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<PastState> lastOf(List<PastState> states, Instant time) {
        for (int i = states.size() - 1; i >= 0; i--) {
            if (states.get(i).time().isBefore(time)) {
                return Optional.of(states.get(i));
            }
        }
        return Optional.empty();
    }
}
