package org.fieldhouse.trust;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code trust:keys}, {@code allowed}, {@code allow}, {@code forget}, {@code inspect}, {@code audit}. */
@Component(
        service = TrustCommands.class,
        property = {
            "osgi.command.scope=trust",
            "osgi.command.function=keys",
            "osgi.command.function=allowed",
            "osgi.command.function=allow",
            "osgi.command.function=forget",
            "osgi.command.function=inspect",
            "osgi.command.function=audit"
        })
public final class TrustCommands {
    private static final String ALLOW =
            "trust:allow FILE [--may PERMISSION,…] WHY, or trust:allow SHA-256 NAME [--may PERMISSION,…] WHY";
    private static final int MANY = 30;
    private static final long LOOK_BACK = 200_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final Keyring keyring;
    private final EventBus bus;
    private final Journal journal;

    @Activate
    public TrustCommands(@Reference Keyring keyring, @Reference EventBus bus, @Reference Journal journal) {
        this.keyring = keyring;
        this.bus = bus;
        this.journal = journal;
    }

    /** What was let in, refused and done by people, as the journal's latest 200,000 events have it: the last 30 entries. */
    public void audit() throws StoreException {
        audit(MANY);
    }

    /** The last entries, oldest first. */
    public void audit(int most) throws StoreException {
        Deque<String> lines = new ArrayDeque<>();
        journal.read(Math.max(1, journal.committedSequence() - LOOK_BACK), event -> {
            if (event.fact() instanceof Fact.AuditRecorded fact) {
                lines.add(line(event, fact));
                if (lines.size() > Math.max(1, most)) {
                    lines.remove();
                }
            }
            return true;
        });
        lines.forEach(System.out::println);
        if (lines.isEmpty()) {
            System.out.println("Nothing yet.");
        }
    }

    private static String line(Event event, Fact.AuditRecorded fact) {
        String actor = event.cause().actor();
        return TIME.format(event.time().atZone(ZoneId.systemDefault())) + "  " + fact.action() + "  "
                + (actor.isEmpty() ? "" : actor + "  ") + fact.subject()
                + (fact.detail().isEmpty() ? "" : ": " + fact.detail());
    }

    /** The publishers that are trusted. */
    public String keys() throws IOException {
        Keyring.Keys keys = keyring.keys();
        StringBuilder text = new StringBuilder();
        keys.keys()
                .forEach(key ->
                        text.append(key.id()).append("  ").append(key.name()).append('\n'));
        keys.broken().forEach(line -> text.append("not a key: ").append(line).append('\n'));
        return text.isEmpty()
                ? "Nobody is trusted but the distribution. A publisher's minisign key goes into "
                        + keyring.keysDirectory() + "/NAME.pub"
                : text.toString().stripTrailing();
    }

    /** The files that were let in although nobody trusted signed them. */
    public String allowed() throws IOException {
        StringBuilder text = new StringBuilder();
        keyring.allowed().forEach(entry -> text.append(entry.sha256())
                .append("  ")
                .append(entry.name())
                .append(entry.may().isEmpty() ? "" : "  may " + Permission.words(entry.may()))
                .append("  ")
                .append(entry.why())
                .append('\n'));
        return text.isEmpty() ? "None." : text.toString().stripTrailing();
    }

    /**
     * Lets one file in: {@code allow FILE WHY…}, or {@code allow SHA-256 NAME WHY…}. With {@code --may container,native} it may also
     * do what is grave and what it does not say itself. What it might before, it still may.
     */
    public String allow(String[] arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        Set<Permission> may;
        try {
            may = may(words);
        } catch (IllegalArgumentException e) {
            return "Nothing was allowed: " + e.getMessage();
        }
        if (words.isEmpty()) {
            return ALLOW;
        }
        boolean hash = words.get(0).matches("[0-9a-fA-F]{64}");
        Path file = Path.of(words.get(0));
        if (!hash && !Files.isRegularFile(file)) {
            return words.get(0) + " is neither a file nor a SHA-256 of 64 hexadecimal digits";
        }
        String sha256 = hash ? words.get(0).toLowerCase(Locale.ROOT) : Hashes.of(file);
        String name = hash ? (words.size() > 1 ? words.get(1) : "-") : String.valueOf(file.getFileName());
        List<String> reason = words.subList(Math.min(words.size(), hash ? 2 : 1), words.size());
        // A reason must not be read as a permission.
        String why =
                reason.isEmpty() ? "no reason given" : String.join(" ", reason).replaceFirst("^may:", "may ");
        Keyring.Allowed entry = keyring.allow(
                new Keyring.Allowed(sha256, name.replaceAll("\\s", "_"), may, why.replaceAll("\\R", " ")));
        String more = entry.may().isEmpty() ? "" : "may " + Permission.words(entry.may());
        audit("trust.allow", sha256 + " " + entry.name(), (more.isEmpty() ? "" : more + ": ") + entry.why());
        return "Allowed: " + name + " " + sha256 + (more.isEmpty() ? "" : ", " + more)
                + (hash ? "" : stillRefused(file, entry));
    }

    /** Takes {@code --may A,B} out of the words. */
    private static Set<Permission> may(List<String> words) {
        int at = words.indexOf("--may");
        if (at < 0) {
            return Set.of();
        }
        words.remove(at);
        if (at == words.size()) {
            throw new IllegalArgumentException("--may needs permissions. " + ALLOW);
        }
        Set<Permission> may = Permission.all(words.remove(at));
        for (Permission permission : may) {
            if (!permission.isGrave()) {
                throw new IllegalArgumentException(
                        "`" + permission.word() + "` is not grave, so it needs no word here; the house lets a "
                                + "bundle publish and command by its own manifest alone");
            }
        }
        return may;
    }

    /** Tells at once what would else be told at the install. */
    private static String stillRefused(Path file, Keyring.Allowed entry) throws IOException {
        if (!Hashes.isZip(file)) {
            return "";
        }
        Set<Permission> grave;
        try {
            grave = PermissionVetting.grave(PermissionVetting.read(file), Bytecode.of(file));
        } catch (IllegalArgumentException e) {
            return "\nIt will be refused all the same: " + e.getMessage();
        }
        grave.removeAll(entry.may());
        return grave.isEmpty()
                ? ""
                : "\nIt will be refused all the same, since it does what is grave and does not say so. See trust:inspect; to let it: "
                        + "trust:allow " + file + " --may " + Permission.words(grave) + " WHY";
    }

    /** Takes back what {@code allow} let in; what is installed stays installed. */
    public String forget(String sha256) throws IOException {
        boolean there = keyring.forget(sha256.toLowerCase(Locale.ROOT));
        if (there) {
            audit("trust.forget", sha256, "");
        }
        return there ? "No longer allowed; what is installed stays until it is removed." : "It was not allowed.";
    }

    /** What a jar says it touches and what it touches, without installing it. */
    public void inspect(String file) throws IOException {
        PrintStream out = System.out;
        Path jar = Path.of(file);
        String sha256 = Hashes.of(jar);
        out.println("SHA-256  " + sha256);
        Optional<Keyring.Allowed> allowed = keyring.allowed(sha256);
        allowed.ifPresent(entry -> out.println("The administrator allowed it"
                + (entry.may().isEmpty() ? "" : ", and lets it " + Permission.words(entry.may())) + ": "
                + entry.why()));
        Set<Permission> may = allowed.map(Keyring.Allowed::may).orElse(Set.of());
        Permissions permissions = PermissionVetting.read(jar);
        out.println(permissions.lines().isEmpty() ? "It says that it touches nothing." : "It says that it touches:");
        permissions.lines().forEach(line -> out.println("  " + line));
        Bytecode bytecode = Bytecode.of(jar);
        out.println(bytecode.touches().isEmpty() ? "Its bytecode touches nothing." : "Its bytecode:");
        for (Map.Entry<Permission, Bytecode.Touch> entry : new TreeMap<>(bytecode.touches()).entrySet()) {
            Permission permission = entry.getKey();
            boolean said = permissions.has(permission) || may.contains(permission);
            out.println("  " + (said ? "  " : permission.isGrave() ? "!!" : "! ") + permission.word() + ": "
                    + permission.meaning() + ": " + entry.getValue().place() + " ("
                    + entry.getValue().count() + ")");
        }
        if (!bytecode.unreadable().isEmpty()) {
            out.println("  ! " + bytecode.unreadable());
        }
        Set<Permission> grave = PermissionVetting.grave(permissions, bytecode);
        grave.removeAll(may);
        if (!grave.isEmpty()) {
            out.println("What has !! is refused, until its publisher says it or you do: trust:allow " + jar + " --may "
                    + Permission.words(grave) + " WHY");
        }
    }

    /** The shell is reached by the owner of the process alone. */
    private void audit(String action, String subject, String detail) {
        bus.publish(
                new Fact.AuditRecorded(action, subject, detail), Cue.user(System.getProperty("user.name", "shell")));
    }
}
