package org.fieldhouse.webconsole.tab;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.webconsole.tab.Tab.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that came with a form, kept from the dry run to the change: each in a folder of its own, with its signature beside it. */
final class Uploads {
    static final long MOST_BYTES = 256L << 20;
    private static final long MOST_SIGNATURE_BYTES = 4096;
    private static final String SIGNATURE = ".minisig";
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Path folder;

    /** @param folder of this class alone; what an earlier run left there is deleted */
    Uploads(Path folder) {
        this.folder = folder;
        delete(folder);
    }

    /** Takes the file of a form, and its signature if there is one. @return the file */
    Path take(HttpServletRequest request) throws Refused, IOException {
        Part file;
        Part signature;
        try {
            file = request.getPart("file");
            signature = request.getPart("signature");
        } catch (ServletException | IllegalStateException e) {
            throw new Refused("The file could not be read: " + e.getMessage());
        }
        String name = file == null ? "" : name(file);
        if (file == null || !name.matches("[\\w][\\w.+-]{0,120}\\.(jar|json|far|zip)")) {
            throw new Refused(
                    "Choose a bundle (.jar), a feature (.json) or an archive (.far, .zip); '" + name + "' is none.");
        }
        Files.createDirectories(folder);
        Path own = Files.createTempDirectory(folder, "upload");
        try {
            Path taken = own.resolve(name);
            copy(file, taken, MOST_BYTES);
            if (signature != null && signature.getSize() > 0) {
                copy(signature, own.resolve(name + SIGNATURE), MOST_SIGNATURE_BYTES);
            }
            return taken;
        } catch (IOException | Refused e) {
            delete(own);
            throw e;
        }
    }

    /** Without the folders that some browsers send along. */
    private static String name(Part part) {
        String sent = String.valueOf(part.getSubmittedFileName());
        return sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    }

    private static void copy(Part part, Path to, long most) throws IOException, Refused {
        try (InputStream in = part.getInputStream();
                OutputStream out = Files.newOutputStream(to)) {
            byte[] buffer = new byte[64 << 10];
            long total = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > most) {
                    throw new Refused(to.getFileName() + " is longer than " + most + " bytes.");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    boolean has(Path file) {
        return file.startsWith(folder);
    }

    /** A file that was taken, for the service of features. @param content of the file */
    Source.Upload source(Path taken, InputStream content) throws IOException {
        Path signature = taken.resolveSibling(taken.getFileName() + SIGNATURE);
        return new Source.Upload(
                String.valueOf(taken.getFileName()),
                content,
                Files.exists(signature) ? Files.readString(signature, StandardCharsets.ISO_8859_1) : "");
    }

    /** A file that was taken, with what lies beside it. */
    void drop(Path taken) {
        Path own = taken.getParent();
        if (own != null && has(taken)) {
            delete(own);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            LOG.warn("Cannot delete {}", folder, e);
        }
    }
}
