package org.fieldhouse.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Vetting;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Shows what a bundle says it touches ({@link Permissions}) and what is new in that against the version it replaces, and holds its
 * bytecode against it, unless it came with the distribution. What it does without saying so is shown; if it is grave ({@link Permission#isGrave}), it is refused.
 */
@Component(property = "service.ranking:Integer=200")
public final class PermissionVetting implements Vetting {
    private static final String DECLARED = "permission";
    private static final String TOUCHED = "bytecode";

    private final Distribution distribution;

    @Activate
    public PermissionVetting(BundleContext context) {
        this(new Distribution(context.getProperty("fieldhouse.distribution")));
    }

    PermissionVetting(Distribution distribution) {
        this.distribution = distribution;
    }

    @Override
    public String name() {
        return "permissions";
    }

    @Override
    public List<Finding> vet(Artefact artefact) throws IOException {
        if (artefact.kind() != Artefact.Kind.BUNDLE) {
            return List.of();
        }
        String subject = artefact.name() + " " + artefact.version();
        List<Finding> findings = new ArrayList<>();
        Permissions declared;
        try {
            declared = read(artefact.file());
        } catch (IllegalArgumentException e) {
            return List.of(new Finding(Weight.REFUSAL, DECLARED, subject, e.getMessage() + ". Ask its publisher"));
        }
        declared.lines().forEach(line -> findings.add(new Finding(Weight.NOTE, DECLARED, subject, line)));
        addDifferences(findings, subject, declared, artefact.replaces());
        if (distribution.has(artefact)) {
            return findings;
        }
        addTouches(findings, subject, declared, Bytecode.of(artefact.file()));
        return findings;
    }

    private static void addDifferences(
            List<Finding> findings, String subject, Permissions declared, @Nullable Artefact before)
            throws IOException {
        if (before == null) {
            return;
        }
        Permissions earlier;
        try {
            earlier = read(before.file());
        } catch (IllegalArgumentException e) {
            earlier = Permissions.parse(null);
        }
        for (String line : declared.beyond(earlier)) {
            findings.add(new Finding(
                    Weight.WARNING, DECLARED, subject, "asks for more than " + before.version() + " did: " + line));
        }
    }

    private static void addTouches(List<Finding> findings, String subject, Permissions declared, Bytecode bytecode) {
        for (Map.Entry<Permission, Bytecode.Touch> entry : new TreeMap<>(bytecode.touches()).entrySet()) {
            Permission permission = entry.getKey();
            if (!declared.has(permission)) {
                boolean grave = permission.isGrave();
                int count = entry.getValue().count();
                findings.add(new Finding(
                        grave ? Weight.REFUSAL : Weight.WARNING,
                        TOUCHED,
                        subject,
                        permission.meaning() + ", and does not say so: "
                                + entry.getValue().place()
                                + (count == 1 ? "" : " and " + (count - 1) + " more")
                                + (grave
                                        ? ". Its publisher must name `" + permission.word() + "` in "
                                                + Permissions.HEADER
                                        : "")));
            }
        }
        if (!bytecode.unreadable().isEmpty()) {
            findings.add(new Finding(
                    Weight.WARNING, TOUCHED, subject, bytecode.unreadable() + "; what they touch is not known"));
        }
    }

    /** @throws IllegalArgumentException if the header is not understood */
    static Permissions read(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            return Permissions.parse(
                    manifest == null ? null : manifest.getMainAttributes().getValue(Permissions.HEADER));
        }
    }
}
