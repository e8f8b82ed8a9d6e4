package org.fieldhouse.runtime.host;

import java.lang.ref.WeakReference;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.model.DeviceId;

/**
 * The context class loader of a thread that a binding never gives back, and of all that it begins from then on, which inherit it. So whose they
 * are is known, although stack traces tell names of classes only. It keeps nothing of the binding, and loads what a null one would.
 */
public final class WrittenOff extends ClassLoader {
    private final WeakReference<ClassLoader> binding;
    private final long thread;
    private final String by;

    private WrittenOff(Thread stuck, Binding binding, DeviceId device) {
        super(ClassLoader.getSystemClassLoader());
        this.binding = new WeakReference<>(binding.getClass().getClassLoader());
        this.thread = stuck.getId();
        this.by = "'" + stuck.getName() + "' of " + device;
    }

    /** Marks a thread that is in code of that binding and does not come out. */
    static void mark(Thread stuck, Binding binding, DeviceId device) {
        stuck.setContextClassLoader(new WrittenOff(stuck, binding, device));
    }

    /** Whether the classes that its thread is lost in are of that loader. */
    public boolean isOf(ClassLoader loader) {
        return binding.refersTo(loader);
    }

    /** Whether it is that thread itself, and not one that was begun by it. */
    public boolean isFor(Thread stuck) {
        return stuck.getId() == thread;
    }

    /** The thread that was written off, and its device: {@code 'fieldhouse-lane-1' of hall-lamp}. */
    @Override
    public String toString() {
        return by;
    }
}
