package org.fieldhouse.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Vetting;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Shows what a bundle says it touches ({@link Permissions}) and what is new in that against the version it replaces, and holds its
 * bytecode against it, unless it came with the distribution. What it does without saying so is shown; if it is grave
 * ({@link Permission#isGrave}), it is refused, unless the administrator lets this one file do it ({@link Keyring.Allowed#may}).
 */
@Component(property = "service.ranking:Integer=200")
public final class PermissionVetting implements Vetting {
    private static final String DECLARED = "permission";
    private static final String TOUCHED = "bytecode";

    private final Keyring keyring;
    private final Distribution distribution;

    @Activate
    public PermissionVetting(BundleContext context, @Reference Keyring keyring) {
        this(keyring, new Distribution(context.getProperty("fieldhouse.distribution")));
    }

    PermissionVetting(Keyring keyring, Distribution distribution) {
        this.keyring = keyring;
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
        addTouches(findings, artefact, declared);
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

    private void addTouches(List<Finding> findings, Artefact artefact, Permissions declared) throws IOException {
        String subject = artefact.name() + " " + artefact.version();
        Bytecode bytecode = Bytecode.of(artefact.file());
        Optional<Keyring.Allowed> allowed = keyring.allowed(artefact.sha256());
        Set<Permission> may = allowed.map(Keyring.Allowed::may).orElse(Set.of());
        Set<Permission> grave = grave(declared, bytecode);
        grave.removeAll(may);
        new TreeMap<>(bytecode.touches()).forEach((permission, touch) -> {
            if (declared.has(permission)) {
                return;
            }
            String text = permission.meaning() + ", and does not say so: " + touch.place()
                    + (touch.count() == 1 ? "" : " and " + (touch.count() - 1) + " more");
            if (may.contains(permission)) {
                text += "; the administrator lets it: " + allowed.orElseThrow().why();
            } else if (permission == Permission.COMMAND) {
                text += "; so the house will not let it";
            } else if (permission.isGrave()) {
                text += ". Its publisher must name `" + permission.word() + "` in " + Permissions.HEADER
                        + "; or let this one file do it: trust:allow " + artefact.sha256() + " " + artefact.name()
                        + " --may " + Permission.words(grave) + " WHY";
            }
            boolean refused = permission.isGrave() && !may.contains(permission);
            findings.add(new Finding(refused ? Weight.REFUSAL : Weight.WARNING, TOUCHED, subject, text));
        });
        if (!bytecode.unreadable().isEmpty()) {
            findings.add(new Finding(
                    Weight.WARNING, TOUCHED, subject, bytecode.unreadable() + "; what they touch is not known"));
        }
    }

    /** What is grave of what it does without saying so; a new set. */
    static Set<Permission> grave(Permissions declared, Bytecode bytecode) {
        return bytecode.touches().keySet().stream()
                .filter(permission -> permission.isGrave() && !declared.has(permission))
                .collect(Collectors.toCollection(TreeSet::new));
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
