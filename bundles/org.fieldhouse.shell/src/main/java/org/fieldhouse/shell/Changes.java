package org.fieldhouse.shell;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.jspecify.annotations.Nullable;

/** Makes a change and says how it goes. */
final class Changes {
    private static final int SHOWN = 1024;
    private static final long LOOK_MILLIS = 100;
    /** Nothing more is to be printed. */
    private static final Progress END = new Progress(Progress.Stage.COMMIT, "", 0, 0);

    private final Features features;

    Changes(Features features) {
        this.features = features;
    }

    /** Returns when it is in force; else throws with the reasons. What happens meanwhile is printed on the caller's thread. */
    void make(Change change) {
        LinkedBlockingQueue<Progress> steps = new LinkedBlockingQueue<>(SHOWN);
        String user = Times.user();
        FutureTask<Result> task = new FutureTask<>(() -> features.apply(change, Cue.user(user), steps::offer)) {
            @Override
            protected void done() {
                steps.offer(END);
            }
        };
        Thread thread = new Thread(task, "fieldhouse-shell-change");
        thread.setDaemon(true);
        thread.start();
        try {
            Progress last = null;
            while (!task.isDone() || !steps.isEmpty()) {
                Progress next = steps.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                last = next == END ? last : print(last, next);
            }
            say(task.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("the change goes on; `feature:list` shows what became of it");
        } catch (ExecutionException e) {
            throw new CommandFailure(String.valueOf(e.getCause()));
        }
    }

    private static @Nullable Progress print(@Nullable Progress last, @Nullable Progress next) {
        if (next == null) {
            return last;
        }
        // A download tells its bytes again and again.
        if (last == null || last.stage() != next.stage() || !last.subject().equals(next.subject())) {
            System.out.printf(
                    "%-9s %s%n", next.stage().name().toLowerCase(Locale.ROOT).replace('_', ' '), next.subject());
        }
        return next;
    }

    private static void say(Result result) {
        result.plan().findings().forEach(System.out::println);
        if (!result.done()) {
            throw new CommandFailure("nothing was changed:\n" + lines(result.reasons()));
        }
        if (result.plan().steps().isEmpty()) {
            System.out.println("nothing to do; generation " + result.generation() + " stays in force");
            return;
        }
        print(result.plan());
        System.out.println("generation " + result.generation()
                + (result.plan().restart() ? " is recorded, and in force after a restart" : " is in force")
                + ", " + result.took().toMillis() + " ms");
    }

    static void print(Plan plan) {
        if (plan.steps().isEmpty()) {
            System.out.println("nothing to do");
        }
        plan.steps().forEach(System.out::println);
    }

    static String lines(List<?> things) {
        return things.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    /** {@code install acme}, {@code update acme '[1,2)'}, {@code remove acme}, {@code rollback 12}. */
    static Change parse(String... words) {
        String verb = words.length == 0 ? "" : words[0];
        String versions = words.length > 2 ? words[2] : "";
        if (verb.equals("install")) {
            return install(Arrays.copyOfRange(words, 1, words.length));
        } else if (verb.equals("isolate")) {
            return isolate(Arrays.copyOfRange(words, 1, words.length));
        } else if (verb.equals("update") && (words.length == 2 || words.length == 3)) {
            return new Change.Update(words[1], versions);
        } else if (verb.equals("remove") && words.length == 2) {
            return new Change.Remove(words[1]);
        } else if (verb.equals("rollback") && words.length == 2 && words[1].matches("\\d{1,18}")) {
            return new Change.RollBack(Long.parseLong(words[1]));
        }
        throw new CommandFailure(
                "plan install [--isolated] WHAT [VERSIONS], plan isolate [--off] NAME [MEGABYTES], plan update NAME [VERSIONS], plan remove NAME, plan rollback N; not '"
                        + String.join(" ", Arrays.asList(words)) + "'");
    }

    /** {@code [--isolated] WHAT [VERSIONS]}. */
    static Change install(String... words) {
        List<String> rest = new ArrayList<>(List.of(words));
        boolean isolated = rest.remove("--isolated");
        if (rest.isEmpty() || rest.size() > 2) {
            throw new CommandFailure("install [--isolated] WHAT [VERSIONS]; not '" + String.join(" ", words) + "'");
        }
        return new Change.Install(source(rest.get(0), rest.size() == 2 ? rest.get(1) : ""), isolated);
    }

    /** {@code NAME [MEGABYTES]} or {@code --off NAME}. */
    static Change isolate(String... words) {
        List<String> rest = new ArrayList<>(List.of(words));
        boolean off = rest.remove("--off");
        if (rest.isEmpty()
                || rest.size() > (off ? 1 : 2)
                || rest.size() == 2 && !rest.get(1).matches("\\d{1,5}")) {
            throw new CommandFailure(
                    "isolate NAME [MEGABYTES], isolate --off NAME; not '" + String.join(" ", words) + "'");
        }
        return new Change.Isolate(rest.get(0), !off, rest.size() == 2 ? Integer.parseInt(rest.get(1)) : 0);
    }

    /** A URL has a scheme, a path has a slash or one of our endings; all else is a name. */
    static Source source(String what, String versions) {
        if (what.matches("[a-z]+://.*") || what.startsWith("file:")) {
            try {
                return new Source.Url(URI.create(what));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure("not a URL: " + e.getMessage());
            }
        }
        if (what.contains("/") || what.matches(".*\\.(jar|json|far|zip)")) {
            Path path = Path.of(what).toAbsolutePath().normalize();
            if (!Files.exists(path)) {
                throw new CommandFailure("there is no " + path);
            }
            return new Source.At(path);
        }
        return new Source.Named(what, versions);
    }

    /** A state of {@code org.osgi.framework.Bundle}, as the standard calls it. */
    static String state(int state) {
        return switch (state) {
            case 1 -> "uninstalled";
            case 2 -> "installed";
            case 4 -> "resolved";
            case 8 -> "starting";
            case 16 -> "stopping";
            case 32 -> "active";
            default -> "";
        };
    }
}
