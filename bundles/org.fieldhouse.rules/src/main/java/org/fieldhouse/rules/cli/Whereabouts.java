package org.fieldhouse.rules.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.test.TestRunner;

/**
 * Where the house of a home directory is, from {@code config/*.json}: time zone, latitude and longitude, and holidays of the rules. What
 * is not said there is that of {@link TestRunner#ANYWHERE}, and not that of the machine, so that a test says the same on every machine.
 */
final class Whereabouts {
    private static final String PID = "org.fieldhouse.rules";
    private static final JsonFactory JSON = new JsonFactory().enable(JsonParser.Feature.ALLOW_COMMENTS);

    private final Consumer<String> trouble;
    private ZoneId zone = TestRunner.ANYWHERE.zone();
    private double latitude = TestRunner.ANYWHERE.latitude();
    private double longitude = TestRunner.ANYWHERE.longitude();
    private final Set<LocalDate> holidays = new HashSet<>();

    private Whereabouts(Consumer<String> trouble) {
        this.trouble = trouble;
    }

    /**
     * Reads the settings.
     *
     * @param trouble is told what cannot be used
     */
    static Calendar.Place read(Path home, Consumer<String> trouble) throws IOException {
        Whereabouts found = new Whereabouts(trouble);
        Path folder = home.resolve("config");
        if (Files.isDirectory(folder)) {
            List<Path> files;
            try (Stream<Path> list = Files.list(folder)) {
                files = list.filter(each -> each.toString().endsWith(".json")
                                && !each.getFileName().toString().startsWith("."))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                found.file(file);
            }
        }
        return new Calendar.Place(found.zone, found.latitude, found.longitude, found.holidays);
    }

    private void file(Path file) throws IOException {
        String name = "config/" + file.getFileName();
        try (Reader reader = Files.newBufferedReader(file);
                JsonParser in = JSON.createParser(reader)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean ours = in.currentName().equals(PID);
                if (in.nextToken() == JsonToken.START_OBJECT && ours) {
                    settings(in, name);
                } else {
                    in.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            trouble.accept(name + ": not read for the time zone and the place of the house: " + e.getOriginalMessage());
        }
    }

    private void settings(JsonParser in, String file) throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String key = in.currentName();
            int type = key.indexOf(':'); // "latitude:Double", as the Configurator has it
            String setting = type > 0 ? key.substring(0, type) : key;
            in.nextToken();
            try {
                switch (setting) {
                    case "zone" -> zone = in.getText().isBlank() ? zone : ZoneId.of(in.getText());
                    case "latitude" -> latitude = within(in, 90);
                    case "longitude" -> longitude = within(in, 180);
                    case "holidays" -> holidays(in, file);
                    default -> in.skipChildren();
                }
            } catch (DateTimeException | NumberFormatException e) {
                unusable(in, file, setting);
            }
        }
    }

    private static double within(JsonParser in, double most) throws IOException {
        double value = Double.parseDouble(in.getText());
        if (!(Math.abs(value) <= most)) {
            throw new NumberFormatException(in.getText());
        }
        return value;
    }

    private void holidays(JsonParser in, String file) throws IOException {
        boolean several = in.currentToken() == JsonToken.START_ARRAY;
        while (!several || in.nextToken() != JsonToken.END_ARRAY) {
            String day = in.getText();
            try {
                holidays.add(LocalDate.parse(day.strip()));
            } catch (DateTimeException e) {
                unusable(in, file, "holidays");
            }
            if (!several) {
                return;
            }
        }
    }

    private void unusable(JsonParser in, String file, String setting) throws IOException {
        trouble.accept(file + ": " + setting + ": '" + in.getText() + "' cannot be used");
        in.skipChildren();
    }
}
