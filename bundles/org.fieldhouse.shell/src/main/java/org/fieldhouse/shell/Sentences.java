package org.fieldhouse.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.shell.Places.Place;

/**
 * Reads what follows {@code send}: {@code NAME[.point] VALUE [with PARAMETER VALUE, …] [for DURATION]} or
 * {@code NAME.action [ARGUMENT=VALUE …]} or {@code "NAME.action(ARGUMENT: VALUE, …)"}.
 */
final class Sentences {
    private Sentences() {}

    /** The words behind a point's name, taken apart. */
    record Write(String value, String parameters, Optional<String> hold) {}

    static Write write(List<String> words) {
        int hold = words.lastIndexOf("for");
        List<String> head = hold < 0 ? words : words.subList(0, hold);
        Optional<String> duration =
                hold < 0 ? Optional.empty() : Optional.of(String.join(" ", words.subList(hold + 1, words.size())));
        if (hold >= 0 && duration.orElse("").isBlank()) {
            throw new CommandFailure("for how long? send NAME.point VALUE for 10 min, or for ever");
        }
        int with = head.indexOf("with");
        String value = String.join(" ", with < 0 ? head : head.subList(0, with));
        String parameters = with < 0 ? "" : String.join(" ", head.subList(with + 1, head.size()));
        if (value.isBlank()) {
            throw new CommandFailure("what value? send NAME.point VALUE [with PARAMETER VALUE] [for DURATION]");
        }
        return new Write(value, parameters, duration);
    }

    /** {@code brightness 60 %, fade 2 s}: parameters of the point, or further points of its device. */
    static Map<String, Value> parameters(String text, Place place) {
        Map<String, Value> out = new HashMap<>();
        for (String part : split(text)) {
            int space = part.indexOf(' ');
            String name = space < 0 ? part : part.substring(0, space);
            if (space < 0) {
                throw new CommandFailure("parameter '" + name + "' needs a value");
            }
            out.put(name, Literals.parse(part.substring(space + 1), parameter(name, place)));
        }
        return out;
    }

    private static ValueSpec parameter(String name, Place place) {
        Optional<ValueSpec> own = place.spec().parameters().stream()
                .filter(p -> p.name().equals(name))
                .map(ArgumentSpec::value)
                .findFirst();
        return own.or(() -> place.device()
                        .description()
                        .point(name)
                        .filter(p -> p.access().writable())
                        .map(PointSpec::value))
                .orElseThrow(() -> new CommandFailure("there is no parameter " + name
                        + Suggestions.didYouMean(
                                name,
                                Stream.concat(
                                                place.spec().parameters().stream()
                                                        .map(ArgumentSpec::name),
                                                place.device().description().points().stream()
                                                        .filter(p -> p.access().writable())
                                                        .map(PointSpec::name))
                                        .toList())));
    }

    /** {@code duration: 5 s, tone=high}, or one bare value for an action of one argument. */
    static Map<String, Value> arguments(String text, List<ArgumentSpec> specs) {
        Map<String, Value> out = new HashMap<>();
        for (String part : split(text)) {
            int cut = part.indexOf('=') >= 0 ? part.indexOf('=') : part.indexOf(':');
            if (cut < 0 && specs.size() == 1) {
                out.put(specs.get(0).name(), Literals.parse(part, specs.get(0).value()));
                continue;
            }
            String name = cut < 0 ? part : part.substring(0, cut).strip();
            ArgumentSpec spec = specs.stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("there is no argument " + name
                            + Suggestions.didYouMean(
                                    name, specs.stream().map(ArgumentSpec::name).toList())));
            if (cut < 0) {
                throw new CommandFailure(
                        "argument '" + name + "' needs a value: " + spec.value().describe());
            }
            out.put(name, Literals.parse(part.substring(cut + 1), spec.value()));
        }
        for (ArgumentSpec spec : specs) {
            if (spec.required() && !out.containsKey(spec.name())) {
                throw new CommandFailure("argument '" + spec.name() + "' is missing: "
                        + spec.value().describe());
            }
        }
        return out;
    }

    private static List<String> split(String text) {
        List<String> out = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                out.add(part.strip());
            }
        }
        return out;
    }
}
