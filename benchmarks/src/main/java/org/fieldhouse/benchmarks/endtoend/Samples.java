package org.fieldhouse.benchmarks.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Values by row and column, one of each per round. */
final class Samples {
    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();

    void add(String row, String column, double value) {
        rows.computeIfAbsent(row, r -> new LinkedHashMap<>())
                .computeIfAbsent(column, c -> new ArrayList<>())
                .add(value);
    }

    boolean has(String row) {
        return rows.containsKey(row);
    }

    boolean has(String row, String column) {
        return rows.getOrDefault(row, Map.of()).containsKey(column);
    }

    Stream<String> rows() {
        return rows.keySet().stream();
    }

    /** NaN if there are none. */
    double median(String row, String column) {
        double[] sorted = rows.getOrDefault(row, Map.of()).getOrDefault(column, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return sorted.length == 0
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** NaN if there are none. */
    double max(String row, String column) {
        return rows.getOrDefault(row, Map.of()).getOrDefault(column, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
    }

    double sum(String row, String column) {
        return rows.getOrDefault(row, Map.of()).getOrDefault(column, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    void mediansTo(Report report) {
        rows.forEach((row, columns) -> columns.keySet().forEach(c -> report.put(row, c, median(row, c))));
    }
}
