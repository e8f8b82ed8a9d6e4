package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fieldhouse.benchmarks.load.ProcessStat;

/** What a measurement found: a table for people, and the same as JSON. */
final class Report {
    private final String name;
    private final Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
    private final Map<String, Boolean> goals = new LinkedHashMap<>();
    private final double loadBefore;

    Report(String name) throws IOException {
        this.name = name;
        this.loadBefore = ProcessStat.loadAverage();
    }

    void put(String row, String column, double value) {
        rows.computeIfAbsent(row, r -> new LinkedHashMap<>()).put(column, value);
    }

    void put(String row, String column, long value) {
        put(row, column, (double) value);
    }

    /** A goal of the project, with whether it was reached. */
    void goal(String text, boolean reached) {
        goals.put(text, reached);
    }

    boolean reached() {
        return !goals.containsValue(false);
    }

    /** Prints it, and writes {@code <name>.json} and {@code <name>.md}. */
    void finish(Path work) throws IOException {
        String text = markdown();
        System.out.println();
        System.out.println(text);
        Files.writeString(work.resolve(name + ".md"), text);
        Files.writeString(work.resolve(name + ".json"), json());
    }

    private String markdown() throws IOException {
        List<String> columns = rows.values().stream()
                .flatMap(r -> r.keySet().stream())
                .distinct()
                .toList();
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(name));
        head.addAll(columns);
        cells.add(head);
        rows.forEach((row, values) -> {
            List<String> line = new ArrayList<>(List.of(row));
            for (String column : columns) {
                Double value = values.get(column);
                line.add(value == null ? "" : number(value));
            }
            cells.add(line);
        });
        StringBuilder text = new StringBuilder(machine()).append("\n\n").append(table(cells));
        goals.forEach((goal, ok) ->
                text.append(ok ? "\n- reached: " : "\n- **missed**: ").append(goal));
        return text.append('\n').toString();
    }

    private static String table(List<List<String>> cells) {
        int[] widths = new int[cells.get(0).size()];
        cells.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < cells.size(); n++) {
            for (int i = 0; i < widths.length; i++) {
                String format = i == 0 ? "| %-" + widths[i] + "s " : "| %" + widths[i] + "s ";
                text.append(String.format(Locale.ROOT, format, cells.get(n).get(i)));
            }
            text.append("|\n");
            if (n == 0) {
                Arrays.stream(widths).forEach(w -> text.append('|').append("-".repeat(w + 2)));
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private String machine() throws IOException {
        return "%s, %d processors, Java %s, Linux %s, load average %.1f before and %.1f after"
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.MINUTES),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"),
                        System.getProperty("os.version"),
                        loadBefore,
                        ProcessStat.loadAverage());
    }

    private String json() throws IOException {
        StringBuilder text = new StringBuilder("{\n  \"machine\": \"" + machine() + "\",\n  \"rows\": {");
        String between = "\n";
        for (Map.Entry<String, Map<String, Double>> row : rows.entrySet()) {
            text.append(between).append("    \"").append(row.getKey()).append("\": {");
            String comma = "";
            for (Map.Entry<String, Double> cell : row.getValue().entrySet()) {
                text.append(comma)
                        .append('"')
                        .append(cell.getKey())
                        .append("\": ")
                        .append(cell.getValue());
                comma = ", ";
            }
            text.append('}');
            between = ",\n";
        }
        text.append("\n  },\n  \"goals\": {");
        between = "\n";
        for (Map.Entry<String, Boolean> goal : goals.entrySet()) {
            text.append(between)
                    .append("    \"")
                    .append(goal.getKey())
                    .append("\": ")
                    .append(goal.getValue());
            between = ",\n";
        }
        return text.append("\n  }\n}\n").toString();
    }

    /** With as many digits as mean something. */
    private static String number(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
