package org.fieldhouse.rules.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.fieldhouse.rules.check.Crew;

/**
 * Shares one job out among the caller and a few threads, one for each core within reason, which are gone when it is done. For a command
 * that has the machine to itself; in the house there are better things for the other cores to do.
 */
final class Cores implements Crew {
    /** More are not worth their beginning. */
    private static final int MOST = 4;

    private final int size = Math.min(MOST, Runtime.getRuntime().availableProcessors());

    @Override
    public <T, R> List<R> map(List<T> all, Function<T, R> work) {
        List<CompletableFuture<R>> tasks =
                all.stream().map(each -> new CompletableFuture<R>()).toList();
        AtomicInteger next = new AtomicInteger();
        Runnable part = () -> {
            for (int i = next.getAndIncrement(); i < all.size(); i = next.getAndIncrement()) {
                T each = all.get(i);
                tasks.get(i).completeAsync(() -> work.apply(each), Runnable::run);
            }
        };
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(size, tasks.size()); i++) {
            Thread helper = new Thread(part, "fieldhouse-crew-" + i);
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        part.run();
        helpers.forEach(Cores::join);
        return tasks.stream().map(Cores::result).toList();
    }

    private static void join(Thread helper) {
        boolean interrupted = false;
        while (helper.isAlive()) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of a task that has ended. */
    private static <R> R result(CompletableFuture<R> task) {
        try {
            return task.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            } else if (e.getCause() instanceof Error wrong) {
                throw wrong;
            }
            throw e;
        }
    }
}
