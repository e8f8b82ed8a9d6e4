package org.fieldhouse.isolation.wire;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process reads first, from its standard input, where no other user sees it: a line each, a word and its value, {@code end} last.
 *
 * @param token what it has to say to be heard
 * @param socket path of the house's socket; empty for a {@link org.fieldhouse.isolation.child.Trial}
 * @param storage folder for its framework's cache
 * @param bundles level, {@value #OWN}, {@value #LENT} or {@value #THERE}, and path, by blanks
 * @param properties of its framework
 */
public record Setup(String token, String socket, String storage, List<String> bundles, Map<String, String> properties) {
    /** A bundle of the feature's own, whose bindings are brought into the house. */
    public static final String OWN = "own";
    /** One that its own ones need. */
    public static final String LENT = "lent";
    /** One that offers its packages, and is not started. */
    public static final String THERE = "there";

    public Setup {
        bundles = List.copyOf(bundles);
        properties = Map.copyOf(properties);
    }

    /** The lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("token ").append(token).append('\n');
        text.append("socket ").append(socket).append('\n');
        text.append("storage ").append(storage).append('\n');
        bundles.forEach(bundle -> text.append("bundle ").append(bundle).append('\n'));
        properties.forEach((key, value) -> text.append("property ")
                .append(key)
                .append('=')
                .append(value.replaceAll("\\s+", " "))
                .append('\n'));
        return text.append("end\n").toString();
    }

    /** Reads up to the line {@code end}. */
    public static Setup read(BufferedReader in) throws IOException {
        Map<String, String> single = new LinkedHashMap<>();
        List<String> bundles = new ArrayList<>();
        Map<String, String> properties = new LinkedHashMap<>();
        while (true) {
            String line = in.readLine();
            if (line == null) {
                throw new EOFException("the setup is cut off");
            }
            if (line.equals("end")) {
                return new Setup(
                        single.getOrDefault("token", ""),
                        single.getOrDefault("socket", ""),
                        single.getOrDefault("storage", ""),
                        bundles,
                        properties);
            }
            int blank = line.indexOf(' ');
            String value = line.substring(blank + 1);
            switch (line.substring(0, Math.max(0, blank))) {
                case "bundle" -> bundles.add(value);
                case "property" ->
                    properties.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
                default -> single.put(line.substring(0, Math.max(0, blank)), value);
            }
        }
    }
}
