package org.fieldhouse.shell;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.Traffic;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Secrets;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.DeviceStatistics;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.JournalStatus;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The configuration, the state of the runtime, secrets, candidates, and the live tail. */
@Component(
        service = SystemCommands.class,
        property = {
            "osgi.command.scope=fieldhouse",
            "osgi.command.function=status",
            "osgi.command.function=reload",
            "osgi.command.function=model",
            "osgi.command.function=candidates",
            "osgi.command.function=accept",
            "osgi.command.function=watch",
            "osgi.command.function=secret",
            "osgi.command.function=help"
        })
public final class SystemCommands {
    private static final double MEBIBYTE = 1024.0 * 1024;
    /** Devices that are named as those with the most bad input. */
    private static final int NAMED = 3;

    private static final Table HELP = new Table()
            .row("devices", "all devices, what they are and how they are")
            .row("device NAME", "one device with everything that is known of it")
            .row("points [NAME]", "all points, or those of one device")
            .row(
                    "send NAME.point VALUE",
                    "… [with PARAMETER VALUE, …] [for DURATION | for ever]; holds 2 h unless told otherwise")
            .row("send NAME.action [ARGUMENT=VALUE …]", "something it does once")
            .row("relinquish NAME.point", "takes your hand off it, so that the rules decide again")
            .row("candidates", "what was found and is not in the house")
            .row("accept ID [NAME]", "takes it into the house")
            .row("watch [NAME]", "everything that happens, until ENTER or Ctrl-C")
            .row("rules", "all declarations in force")
            .row("why NAME.point | why N", "why a point is as it is; why there was command N")
            .row("whynot RULE [TIME]", "why a rule did not run then")
            .row("set VARIABLE VALUE", "sets a variable of the rule files")
            .row("history NAME.point [--from TIME] [--every DURATION]", "what a point was, with the feature `history`")
            .row("alarms", "all alarms, the most urgent first")
            .row(
                    "ack | shelve | unshelve ALARM [TIME]",
                    "acts on an alarm; so do suppress, unsuppress, outofservice, inservice")
            .row("functions", "what bundles add to the rule language")
            .row("test [WORDS] | coverage", "runs the tests of the rule files; what no test reaches")
            .row("status", "the house in a few lines")
            .row("reload", "reads the configuration directory at once")
            .row("model [FILE]", "the devices as JSON, for `fieldhouse check --model`")
            .row("swap BUNDLE JAR", "replaces a bundle; the version before comes back if the new one is not healthy")
            .row("swaps", "the last updates, how they went, and how often each bundle has started")
            .row("leaks [heap]", "bundles that left and are still in memory, and what keeps them")
            .row("secret list | put NAME [FILE] | remove NAME", "passwords for ${secret:NAME} in devices/*.yaml")
            .row("feature:help", "what is installed, and how to install, update, remove and go back")
            .row("felix:help", "the container's own commands");

    private final House house;
    private final EventBus bus;
    private final Journal journal;
    private final ConfigurationDirectory directory;
    private final @Nullable Secrets secrets;
    private final @Nullable RuleBook book;
    private final Places places;
    private long lastSequence;
    private long lastNanos;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Isolation isolation;

    @Activate
    public SystemCommands(
            @Reference House house,
            @Reference EventBus bus,
            @Reference Journal journal,
            @Reference ConfigurationDirectory directory,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    Secrets secrets,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RuleBook book) {
        this.book = book;
        this.house = house;
        this.bus = bus;
        this.journal = journal;
        this.directory = directory;
        this.secrets = secrets;
        places = new Places(house);
        lastSequence = bus.lastSequence();
        lastNanos = System.nanoTime();
    }

    /** What can be typed. */
    public void help() {
        System.out.println(HELP);
    }

    /** The house in a few lines. */
    public synchronized void status() {
        Map<String, Long> conditions = house.model().devices().stream()
                .collect(Collectors.groupingBy(
                        d -> d.status().condition().name().toLowerCase(Locale.ROOT),
                        TreeMap::new,
                        Collectors.counting()));
        // First, for what is on disk has a number already.
        long committed = journal.committedSequence();
        long sequence = bus.lastSequence();
        long nanos = System.nanoTime();
        double rate = (sequence - lastSequence) * 1e9 / Math.max(1, nanos - lastNanos);
        String since = lastSequence == 0 ? "" : String.format(Locale.ROOT, ", %.1f/s since the last `status`", rate);
        lastSequence = sequence;
        lastNanos = nanos;
        Runtime memory = Runtime.getRuntime();
        Traffic traffic = bus.traffic();
        Table table = new Table();
        table.row("house", directory.root().toString())
                .row("generation", Long.toString(directory.generation()))
                .row(
                        "devices",
                        house.model().devices().size()
                                + conditions.entrySet().stream()
                                        .map(e -> e.getValue() + " " + e.getKey())
                                        .collect(Collectors.joining(", ", " (", ")"))
                                        .replace(" ()", ""))
                .row("candidates", Integer.toString(house.candidates().size()))
                .row("events", sequence + since)
                .row(
                        "reports",
                        traffic.reported() + " taken in since the start, " + traffic.coalesced() + " coalesced, "
                                + traffic.refused() + " signals refused")
                .row("bad input", badInput())
                .row("on disk", onDisk(sequence, committed))
                .row(
                        "heap",
                        String.format(
                                Locale.ROOT,
                                "%.0f of %.0f MB",
                                (memory.totalMemory() - memory.freeMemory()) / MEBIBYTE,
                                memory.maxMemory() / MEBIBYTE));
        Isolation processes = isolation;
        if (processes != null) {
            processes.processes().forEach(p -> table.row("isolated", p.feature() + ": " + p));
        }
        System.out.println(table);
        house.model().devices().stream()
                .filter(d -> !d.status().isOnline())
                .forEach(d -> System.out.println("device   " + Names.quoted(d.name()) + ": " + d.status()));
        print(directory.problems());
    }

    private String badInput() {
        Map<String, Long> most = new TreeMap<>();
        long all = 0;
        for (DeviceInfo device : house.model().devices()) {
            DeviceStatistics counted = house.statistics(device.id());
            long bad = counted.malformed() + counted.undescribed();
            all += bad;
            if (bad > 0) {
                most.put(Names.quoted(device.name()), bad);
            }
        }
        String names = most.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(NAMED)
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        return all + " skipped" + (all == 0 ? "" : ", most at: " + names);
    }

    private String onDisk(long sequence, long committed) {
        JournalStatus status = journal.status();
        return "up to " + committed + ", " + (sequence - committed) + " on the way"
                + (status.missing() == 0 ? "" : ", " + status.missing() + " lost")
                + (status.unreadable() == 0 ? "" : ", " + status.unreadable() + " places unreadable")
                + (status.isWritable() ? "" : "; cannot be written: " + status.trouble());
    }

    private static void print(List<Problem> problems) {
        problems.forEach(problem -> System.out.println(problem));
    }

    /** Reads the configuration directory at once. */
    public void reload() {
        List<Problem> problems = directory.reload();
        print(problems);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new CommandFailure("not taken; generation " + directory.generation() + " stays in force");
        }
        System.out.println("generation " + directory.generation() + " is in force");
    }

    /** Prints the devices as JSON, for {@code fieldhouse check --model}. */
    public void model() {
        System.out.println(ModelJson.write(snapshot()));
    }

    /** Writes the devices as JSON into a file. */
    public void model(String file) throws IOException {
        Path path = Path.of(file).toAbsolutePath();
        Files.writeString(path, ModelJson.write(snapshot()) + "\n", StandardCharsets.UTF_8);
        System.out.println(house.model().devices().size() + " devices written to " + path);
    }

    private HouseModel snapshot() {
        RuleBook rules = book;
        return rules == null ? house.model() : house.model().withFunctions(rules.functions());
    }

    /** Devices that were found and not accepted. */
    public void candidates() {
        Table table = new Table().row("ID", "NAME", "WHAT", "BINDING", "THROUGH");
        for (Candidate c : house.candidates()) {
            String through = c.bridge() == null
                    ? ""
                    : house.model()
                            .device(c.bridge())
                            .map(DeviceInfo::name)
                            .orElse(c.bridge().value());
            String what = c.adoptAll() ? c.title() + ", with all that it finds" : c.title();
            table.row(c.id().value(), c.suggestedName(), what, c.binding(), through);
        }
        System.out.println(table.isEmpty() ? "Nothing was found that is not accepted." : table);
        house.searches().forEach(line -> System.out.println("Looked for: " + line));
    }

    /** Accepts a candidate under the name that it suggests. */
    public void accept(String candidate) {
        accept(candidate, find(candidate).suggestedName());
    }

    /** Accepts a candidate under a name. */
    public void accept(String candidate, String name) {
        Candidate found = find(candidate);
        List<Problem> problems = directory.accept(found.id(), name, Cue.user(Times.user()));
        print(problems);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new CommandFailure("not accepted");
        }
        System.out.println(
                Names.quoted(name) + " is in the house" + (found.adoptAll() ? ", and takes in what it finds" : ""));
    }

    private Candidate find(String typed) {
        return house.candidates().stream()
                .filter(c -> c.id().value().equals(typed) || c.suggestedName().equals(typed))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("there is no candidate " + typed
                        + Suggestions.didYouMean(
                                typed,
                                house.candidates().stream()
                                        .map(c -> c.id().value())
                                        .toList())));
    }

    /** Everything that happens, until ENTER or Ctrl-C. */
    public void watch() throws IOException, InterruptedException {
        watch("*");
    }

    /** What happens to one device, until ENTER or Ctrl-C. */
    public void watch(String name) throws IOException, InterruptedException {
        new Watch(house, places, name.equals("*") ? null : places.device(name).id(), Times.zone(book)).run(bus);
    }

    /** {@code secret list}, {@code secret put NAME [FILE]}, {@code secret remove NAME}. */
    public void secret(String... words) throws IOException {
        Secrets store = secrets;
        if (store == null) {
            throw new CommandFailure("this runtime keeps no secrets");
        }
        String verb = words.length == 0 ? "" : words[0];
        try {
            if (verb.equals("list") && words.length == 1) {
                store.names().forEach(System.out::println);
            } else if (verb.equals("put") && (words.length == 2 || words.length == 3)) {
                store.put(words[1], new Secret(typed(words)));
                System.out.println("kept; use it as ${secret:" + words[1] + "}");
            } else if (verb.equals("remove") && words.length == 2) {
                System.out.println(store.remove(words[1]) ? "forgotten" : "there was none of that name");
            } else {
                throw new CommandFailure("secret list, secret put NAME [FILE], secret remove NAME; not '"
                        + String.join(" ", Arrays.asList(words)) + "'");
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    /** From a file's first line, else typed without echo. Never an argument: that would stand in the shell's history. */
    private static String typed(String[] words) throws IOException {
        if (words.length > 2) {
            if (!Files.isReadable(Path.of(words[2]))) {
                throw new CommandFailure("cannot read " + Path.of(words[2]).toAbsolutePath());
            }
            try (BufferedReader reader = Files.newBufferedReader(Path.of(words[2]))) {
                String line = reader.readLine();
                if (line == null || line.isEmpty()) {
                    throw new CommandFailure(words[2] + " is empty");
                }
                return line;
            }
        }
        // Without `run --shell` who types came over the socket, and the terminal is that of whoever started the house.
        Console console = Boolean.getBoolean("fieldhouse.terminal") ? System.console() : null;
        if (console == null) {
            throw new CommandFailure("no terminal to type it in unseen: `./fieldhouse shell secret put " + words[1]
                    + "` in a terminal asks for it; or write it to a file that only you can read, `secret put "
                    + words[1]
                    + " FILE`, and delete the file");
        }
        char[] typed = console.readPassword("secret %s (not shown): ", words[1]);
        if (typed == null || typed.length == 0) {
            throw new CommandFailure("nothing was typed");
        }
        return new String(typed);
    }
}
