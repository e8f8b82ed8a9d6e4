package org.fieldhouse.rules.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.rules.TestReport.Reached;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/** Findings for programs: a plain JSON array, or SARIF 2.1.0 (OASIS), which code hosts show beside the lines. */
final class Report {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    private Report() {}

    /**
     * An array of findings, one object each, also when it is empty. With coverage: an object with {@code findings}, and
     * {@code coverage} with everything that tests can reach.
     *
     * @param reached null without coverage
     */
    static void json(
            List<Problem> problems, List<Diagnostic> findings, @Nullable List<Reached> reached, PrintWriter out)
            throws IOException {
        try (JsonGenerator json = generator(out)) {
            if (reached != null) {
                json.writeStartObject();
                json.writeFieldName("findings");
            }
            json.writeStartArray();
            problems(problems, json);
            findings(findings, json);
            json.writeEndArray();
            if (reached != null) {
                coverage(reached, json);
                json.writeEndObject();
            }
        }
        out.println();
    }

    private static void coverage(List<Reached> reached, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("coverage");
        for (Reached each : reached) {
            json.writeStartObject();
            json.writeStringField("file", each.place().file());
            json.writeNumberField("line", each.place().line());
            json.writeStringField("declaration", each.declaration());
            json.writeStringField("part", each.part().name().toLowerCase(Locale.ROOT));
            json.writeStringField("text", each.text());
            json.writeNumberField("times", each.times());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The line of text that {@link Diagnostic#headline} is for a rule file. */
    static String line(Problem each) {
        return each.place() + ": " + level(each.isError()) + " " + each.code() + ": " + each.message();
    }

    private static String level(boolean error) {
        return error ? "error" : "warning";
    }

    private static void problems(List<Problem> problems, JsonGenerator json) throws IOException {
        for (Problem each : problems) {
            json.writeStartObject();
            json.writeStringField("file", each.place().file());
            json.writeNumberField("line", each.place().line());
            json.writeNumberField("column", each.place().column());
            json.writeNumberField("length", each.place().length());
            json.writeStringField("code", each.code());
            json.writeStringField("severity", level(each.isError()));
            json.writeStringField("message", each.message());
            json.writeStringField("help", "");
            json.writeArrayFieldStart("notes");
            json.writeEndArray();
            json.writeArrayFieldStart("story");
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void findings(List<Diagnostic> findings, JsonGenerator json) throws IOException {
        for (Diagnostic each : findings) {
            json.writeStartObject();
            json.writeStringField("file", each.path());
            json.writeNumberField("line", each.span().line());
            json.writeNumberField("column", each.span().column());
            json.writeNumberField("length", each.span().end() - each.span().start());
            json.writeStringField("code", each.code().name());
            json.writeStringField("severity", level(each.isError()));
            json.writeStringField("message", each.message());
            json.writeStringField("help", each.help());
            json.writeArrayFieldStart("notes");
            for (Diagnostic.Note note : each.notes()) {
                json.writeStartObject();
                json.writeStringField("file", note.path());
                json.writeNumberField("line", note.span().line());
                json.writeNumberField("column", note.span().column());
                json.writeStringField("text", note.text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("story");
            for (String step : each.story()) {
                json.writeString(step);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    static void sarif(List<Problem> problems, List<Diagnostic> findings, PrintWriter out) throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringField("$schema", SCHEMA);
            json.writeStringField("version", "2.1.0");
            json.writeArrayFieldStart("runs");
            json.writeStartObject();
            driver(findings, json);
            json.writeStringField("columnKind", "unicodeCodePoints");
            json.writeArrayFieldStart("results");
            for (Problem each : problems) {
                result(each, json);
            }
            for (Diagnostic each : findings) {
                result(each, json);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
    }

    private static void driver(List<Diagnostic> findings, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "fieldhouse");
        json.writeArrayFieldStart("rules");
        TreeSet<Code> codes = new TreeSet<>();
        findings.forEach(each -> codes.add(each.code()));
        for (Code code : codes) {
            json.writeStartObject();
            json.writeStringField("id", code.name());
            text("shortDescription", code.title(), json);
            json.writeObjectFieldStart("defaultConfiguration");
            json.writeStringField("level", code.isError() ? "error" : "warning");
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    /** A code of a devices file has no title of its own, so it stands in no list of rules. */
    private static void result(Problem each, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", each.code());
        json.writeStringField("level", level(each.isError()));
        text("message", each.message(), json);
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(each.place().file()));
        json.writeEndObject();
        if (each.place().line() > 0) {
            int column = Math.max(1, each.place().column());
            json.writeObjectFieldStart("region");
            json.writeNumberField("startLine", each.place().line());
            json.writeNumberField("startColumn", column);
            json.writeNumberField("endColumn", column + Math.max(1, each.place().length()));
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void result(Diagnostic each, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", each.code().name());
        json.writeStringField("level", level(each.isError()));
        StringBuilder message = new StringBuilder(each.message());
        message.append(each.help().isEmpty() ? "" : ": " + each.help());
        for (int i = 0; i < each.story().size(); i++) {
            message.append('\n').append(i + 1).append(". ").append(each.story().get(i));
        }
        text("message", message.toString(), json);
        json.writeArrayFieldStart("locations");
        location(each.path(), each.span(), each.excerpt(), "", json);
        json.writeEndArray();
        if (!each.notes().isEmpty()) {
            json.writeArrayFieldStart("relatedLocations");
            for (Diagnostic.Note note : each.notes()) {
                location(note.path(), note.span(), note.excerpt(), note.text(), json);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void location(String path, Span span, String excerpt, String text, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(path));
        json.writeEndObject();
        json.writeObjectFieldStart("region");
        json.writeNumberField("startLine", span.line());
        json.writeNumberField("startColumn", span.column());
        // Carets stand below characters, not below the two halves of one.
        long length = excerpt.substring(excerpt.lastIndexOf('\n') + 1)
                .chars()
                .filter(c -> c == '^')
                .count();
        json.writeNumberField("endColumn", span.column() + Math.max(1, length));
        json.writeEndObject();
        json.writeEndObject();
        if (!text.isEmpty()) {
            text("message", text, json);
        }
        json.writeEndObject();
    }

    private static String uri(String path) {
        try {
            return new java.net.URI(null, null, path, null).getRawPath();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException("a relative path is always a reference: " + path, e);
        }
    }

    private static void text(String field, String text, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static JsonGenerator generator(PrintWriter out) throws IOException {
        JsonGenerator json = new JsonFactory().createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.useDefaultPrettyPrinter();
        return json;
    }
}
