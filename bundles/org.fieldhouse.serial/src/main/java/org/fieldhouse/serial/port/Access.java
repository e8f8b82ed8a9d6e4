package org.fieldhouse.serial.port;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.fieldhouse.api.binding.BindingException;

/** Whether a path can be opened as a port, and if not, what a person can do. */
final class Access {
    private static final Path BY_ID = Path.of("/dev/serial/by-id");

    private Access() {}

    /** The device file behind a path. */
    static Path resolve(String path) throws BindingException {
        Path named = Path.of(path);
        Path real;
        try {
            real = named.toRealPath();
        } catch (IOException e) {
            throw new BindingException(missing(path));
        }
        if (Files.isDirectory(real) || Files.isRegularFile(real)) {
            throw BindingException.permanent(path + " is a " + (Files.isDirectory(real) ? "directory" : "file")
                    + ", not a serial port; " + choice());
        }
        if (!Files.isReadable(real) || !Files.isWritable(real)) {
            throw new BindingException(denied(path, real, System.getProperty("user.name")));
        }
        return real;
    }

    static String missing(String path) {
        return path + " is not there: is it plugged in? " + choice();
    }

    static String denied(String path, Path real, String user) {
        String group = "dialout";
        try {
            group = Files.readAttributes(real, PosixFileAttributes.class)
                    .group()
                    .getName();
        } catch (IOException | UnsupportedOperationException e) {
            // Debian's group for serial ports is what it is most of the time.
        }
        return path + ": " + user + " may not use it. Add the user to the group " + group + " (sudo usermod -aG "
                + group + " " + user + "), then log in anew or start the service again";
    }

    static String busy(String path) {
        return path + " cannot be opened: another program may have it (sudo fuser -v " + path
                + " names it; ModemManager and a getty are known for it), or it is no serial port";
    }

    private static String choice() {
        List<String> there = available();
        return there.isEmpty() ? "This machine shows no serial port" : "There is " + String.join(", ", there);
    }

    /** Ports by name first, then by number. */
    static List<String> available() {
        Set<String> paths = new LinkedHashSet<>();
        Set<Path> named = new LinkedHashSet<>();
        if (Files.isDirectory(BY_ID)) {
            try (DirectoryStream<Path> links = Files.newDirectoryStream(BY_ID)) {
                for (Path link : links) {
                    paths.add(link.toString());
                    named.add(link.toRealPath());
                }
            } catch (IOException e) {
                // One was unplugged while we looked; those by number are still to come.
            }
        }
        Arrays.stream(com.fazecast.jSerialComm.SerialPort.getCommPorts())
                .map(port -> Path.of(port.getSystemPortPath()))
                .filter(path -> !named.contains(path))
                .map(Path::toString)
                .sorted()
                .forEach(paths::add);
        return new ArrayList<>(paths);
    }
}
