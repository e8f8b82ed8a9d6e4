package org.fieldhouse.runtime.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.DeviceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Large files, read: what YAML takes seconds for at a cold start is here in a tenth. Named by the hash of the text, so it can never
 * be old; checked by a sum, so it can never be wrong; and when in doubt the text is parsed. Each distinct string is kept once, on
 * disk and in memory.
 */
final class EntryCache {
    private static final Logger LOG = LoggerFactory.getLogger(EntryCache.class);
    private static final int VERSION = 2;
    /** Below this, parsing is no slower. */
    private static final int WORTH_CHARACTERS = 65_536;

    private static final int MAX_STRING = 16_000;
    private static final String SUFFIX = ".entries";

    private final Path folder;

    EntryCache(Path folder) {
        this.folder = folder;
    }

    /** The file read, from the cache or anew. */
    DevicesFile read(SourceFile file) {
        if (file.text().length() < WORTH_CHARACTERS) {
            return DevicesFile.parse(file);
        }
        Path cached = folder.resolve(GenerationStore.hash(file) + SUFFIX);
        try {
            if (Files.exists(cached)) {
                return new DevicesFile(new Reader(file, Files.readAllBytes(cached)).entries(), List.of());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be used, {} is parsed anew: {}", cached, file.path(), e.toString());
        }
        DevicesFile parsed = DevicesFile.parse(file);
        if (parsed.problems().isEmpty()) {
            keep(cached, parsed);
        }
        return parsed;
    }

    private static void keep(Path cached, DevicesFile parsed) {
        try {
            AtomicFile.write(cached, new Writer().bytes(parsed.entries()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{} is not kept: {}", cached, e.toString());
        }
    }

    /** Removes what none of these files needs. */
    void prune(Iterable<SourceFile> files) {
        Set<String> used = new HashSet<>();
        for (SourceFile file : files) {
            if (file.text().length() >= WORTH_CHARACTERS) {
                used.add(GenerationStore.hash(file) + SUFFIX);
            }
        }
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var all = Files.list(folder)) {
            for (Path path : all.toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(SUFFIX) && !used.contains(name)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            LOG.debug("Cannot tidy {}: {}", folder, e.toString());
        }
    }

    private static int sum(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }

    private static final class Writer {
        private final Map<String, Integer> strings = new LinkedHashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 20);
        private final DataOutputStream out = new DataOutputStream(body);

        byte[] bytes(List<DeviceEntry> entries) throws IOException {
            out.writeInt(entries.size());
            for (DeviceEntry e : entries) {
                string(e.id().value());
                string(e.name());
                string(e.binding());
                string(e.type());
                string(e.bridge() == null ? "" : e.bridge());
                string(e.area());
                value(List.copyOf(e.tags()));
                out.writeBoolean(e.adoptAll());
                out.writeInt(e.holds().size());
                for (Map.Entry<String, Duration> hold : e.holds().entrySet()) {
                    string(hold.getKey());
                    out.writeLong(hold.getValue().toSeconds());
                }
                value(e.settings());
                out.writeInt(e.place().line());
                out.writeInt(e.place().column());
                out.writeInt(e.place().length());
            }
            ByteArrayOutputStream whole = new ByteArrayOutputStream(body.size() + (1 << 16));
            DataOutputStream head = new DataOutputStream(whole);
            head.writeInt(0);
            head.writeInt(VERSION);
            head.writeInt(strings.size());
            for (String s : strings.keySet()) {
                head.writeUTF(s);
            }
            head.write(body.toByteArray());
            byte[] bytes = whole.toByteArray();
            int sum = sum(bytes, Integer.BYTES);
            for (int i = 0; i < Integer.BYTES; i++) {
                bytes[i] = (byte) (sum >>> (24 - 8 * i));
            }
            return bytes;
        }

        private void string(String text) throws IOException {
            if (text.length() > MAX_STRING) {
                throw new IllegalArgumentException("a text of " + text.length() + " characters");
            }
            Integer known = strings.get(text);
            if (known == null) {
                known = strings.size();
                strings.put(text, known);
            }
            out.writeInt(known);
        }

        private void value(Object value) throws IOException {
            if (value instanceof String text) {
                out.writeByte('s');
                string(text);
            } else if (value instanceof Long number) {
                out.writeByte('l');
                out.writeLong(number);
            } else if (value instanceof Double number) {
                out.writeByte('d');
                out.writeDouble(number);
            } else if (value instanceof Boolean flag) {
                out.writeByte(flag ? 't' : 'f');
            } else if (value instanceof List<?> list) {
                out.writeByte('[');
                out.writeInt(list.size());
                for (Object item : list) {
                    value(item);
                }
            } else if (value instanceof Map<?, ?> map) {
                out.writeByte('{');
                out.writeInt(map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    string((String) entry.getKey());
                    value(entry.getValue());
                }
            } else {
                throw new IllegalArgumentException("a " + value.getClass());
            }
        }
    }

    private static final class Reader {
        private final SourceFile file;
        private final Places places;
        private final DataInputStream in;
        private final String[] strings;

        Reader(SourceFile file, byte[] bytes) throws IOException {
            this.file = file;
            this.places = new Places(file);
            this.in = new DataInputStream(new ByteArrayInputStream(bytes));
            if (in.readInt() != sum(bytes, Integer.BYTES) || in.readInt() != VERSION) {
                throw new IOException("damaged, or of another version");
            }
            strings = new String[in.readInt()];
            for (int i = 0; i < strings.length; i++) {
                strings[i] = in.readUTF();
            }
        }

        List<DeviceEntry> entries() throws IOException {
            int count = in.readInt();
            List<DeviceEntry> out = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                out.add(entry());
            }
            return List.copyOf(out);
        }

        private DeviceEntry entry() throws IOException {
            DeviceId id = new DeviceId(string());
            String name = string();
            String binding = string();
            String type = string();
            String bridge = string();
            String area = string();
            Set<String> tags = new HashSet<>();
            ((List<?>) value()).forEach(tag -> tags.add((String) tag));
            boolean adoptAll = in.readBoolean();
            Map<String, Duration> holds = new HashMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                holds.put(string(), Duration.ofSeconds(in.readLong()));
            }
            @SuppressWarnings("unchecked")
            Map<String, Object> settings = (Map<String, Object>) value();
            SourceSpan place = new SourceSpan(file.path(), in.readInt(), in.readInt(), in.readInt());
            return new DeviceEntry(
                    id,
                    name,
                    binding,
                    type,
                    bridge.isEmpty() ? null : bridge,
                    area,
                    tags.isEmpty() ? Set.of() : Set.copyOf(tags),
                    adoptAll,
                    holds.isEmpty() ? Map.of() : Map.copyOf(holds),
                    settings,
                    place,
                    places.of(name));
        }

        private String string() throws IOException {
            return strings[in.readInt()];
        }

        private Object value() throws IOException {
            byte kind = in.readByte();
            switch (kind) {
                case 's':
                    return string();
                case 'l':
                    return in.readLong();
                case 'd':
                    return in.readDouble();
                case 't':
                    return Boolean.TRUE;
                case 'f':
                    return Boolean.FALSE;
                case '[':
                    Object[] items = new Object[in.readInt()];
                    for (int i = 0; i < items.length; i++) {
                        items[i] = value();
                    }
                    return List.copyOf(Arrays.asList(items));
                case '{':
                    int size = in.readInt();
                    Map<String, Object> map = new LinkedHashMap<>();
                    for (int i = 0; i < size; i++) {
                        map.put(string(), value());
                    }
                    return Map.copyOf(map);
                default:
                    throw new IOException("kind " + kind);
            }
        }
    }
}
