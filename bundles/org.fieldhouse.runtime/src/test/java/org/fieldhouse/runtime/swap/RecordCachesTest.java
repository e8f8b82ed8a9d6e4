package org.fieldhouse.runtime.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecordCachesTest {
    /** Of a bundle that will leave, when it is loaded by {@link Leaving}. */
    public record Sample(Part part, String name) {}

    public record Part(int number) {}

    private static final class Leaving extends URLClassLoader {
        Leaving() {
            super(
                    new URL[] {
                        RecordCachesTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    RecordCachesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(RecordCachesTest.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known == null ? findClass(name) : known;
        }
    }

    private static WeakReference<ClassLoader> compare() throws Exception {
        try (Leaving bundle = new Leaving()) {
            Constructor<?> part = bundle.loadClass(Part.class.getName()).getConstructors()[0];
            Constructor<?> sample = bundle.loadClass(Sample.class.getName()).getConstructors()[0];
            Object one = sample.newInstance(part.newInstance(1), "a");
            Object same = sample.newInstance(part.newInstance(1), "a");
            // Nothing but booleans is given away: an assertion may keep what it was made of.
            assertThat(one.equals(same)).isTrue();
            assertThat(one.hashCode() == same.hashCode()).isTrue();
            return new WeakReference<>(bundle);
        }
    }

    @Test
    void recordsThatWereComparedDoNotKeepTheirBundle() throws Exception {
        WeakReference<ClassLoader> left = compare();
        RecordCaches.moveOn();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return left.get() == null;
        });
    }
}
