package org.fieldhouse.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window();
    private final AtomicInteger sent = new AtomicInteger();

    private Thread sender(int events) {
        Thread thread = new Thread(() -> {
            try {
                for (int i = 0; i < events; i++) {
                    window.next();
                    sent.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void awaitHeldAt(Thread sender, int count) {
        await().until(() -> sender.getState() == Thread.State.WAITING && sent.get() == count);
    }

    @Test
    void theSenderWaitsForAMarkAndIsFreedByTheEnd() throws InterruptedException {
        Thread sender = sender(10_000);
        awaitHeldAt(sender, Window.MARKS * Window.STEP);
        window.arrived();
        awaitHeldAt(sender, (Window.MARKS + 1) * Window.STEP);
        window.close();
        sender.join(10_000);
        assertThat(sent).hasValue(10_000);
    }

    @Test
    void marksOfOthersOpenItNoFurther() {
        for (int i = 0; i < 100; i++) {
            window.arrived();
        }
        awaitHeldAt(sender(10_000), Window.MARKS * Window.STEP);
        window.close();
    }
}
