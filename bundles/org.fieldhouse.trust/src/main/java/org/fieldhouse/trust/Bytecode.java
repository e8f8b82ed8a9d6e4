package org.fieldhouse.trust;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Reads the class files of a jar, of the jars within it, and of nothing else, and notes what they touch ({@link Touches}). No class is
 * loaded. Not for reuse; one thread.
 */
final class Bytecode {
    private static final int DEEPEST_JAR = 3;
    private static final long MOST_BYTES = 256L << 20;
    private static final int LARGEST_CLASS = 8 << 20;

    /** Where something is touched first, and how often. */
    record Touch(String place, int count) {}

    private final Map<Permission, Touch> touches = new EnumMap<>(Permission.class);
    private long left = MOST_BYTES;
    private int unreadable;
    private String firstUnreadable = "";

    /** @throws IOException if the jar cannot be read or holds more than can be looked through */
    static Bytecode of(Path jar) throws IOException {
        Bytecode bytecode = new Bytecode();
        try (InputStream in = Files.newInputStream(jar)) {
            bytecode.readJar(in, "", 0);
        }
        return bytecode;
    }

    Map<Permission, Touch> touches() {
        return Map.copyOf(touches);
    }

    /** Class files that could not be read: made for a later Java, or damaged. Empty if there is none. */
    String unreadable() {
        return unreadable == 0 ? "" : unreadable + " class files cannot be read, first " + firstUnreadable;
    }

    private void readJar(InputStream in, String within, int depth) throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String name = entry.getName();
            if (name.endsWith(".class")) {
                readClass(bytes(zip, within + name), within + name);
            } else if (name.endsWith(".jar") && depth < DEEPEST_JAR) {
                // In place: one can be larger than the heap.
                readJar(new Bounded(zip, within + name), within + name + "!/", depth + 1);
            } else if (name.endsWith(".jar")) {
                throw new IOException("jars within jars, deeper than " + DEEPEST_JAR + ": " + within + name);
            } else if (name.endsWith(".so")
                    || name.endsWith(".dll")
                    || name.endsWith(".dylib")
                    || name.endsWith(".jnilib")) {
                note(Permission.NATIVE, within + name);
            }
        }
    }

    private byte[] bytes(InputStream in, String name) throws IOException {
        int most = (int) Math.min(left, LARGEST_CLASS);
        byte[] bytes = in.readNBytes(most);
        left -= bytes.length;
        if (in.read() >= 0) {
            throw new IOException("too large to be looked through: " + name);
        }
        return bytes;
    }

    /** An entry of the jar around it, until there is more than can be looked through. */
    private final class Bounded extends FilterInputStream {
        private final String name;

        Bounded(InputStream in, String name) {
            super(in);
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            take(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = super.read(into, from, length);
            take(Math.max(0, count));
            return count;
        }

        private void take(int count) throws IOException {
            left -= count;
            if (left < 0) {
                throw new IOException("too large to be looked through: " + name);
            }
        }
    }

    private void readClass(byte[] bytes, String name) {
        try {
            new ClassReader(bytes).accept(new Classes(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (RuntimeException e) {
            // ASM has no exception of its own for a class file that is none.
            unreadable++;
            firstUnreadable = firstUnreadable.isEmpty() ? name : firstUnreadable;
        }
    }

    private void note(Permission permission, String place) {
        touches.merge(permission, new Touch(place, 1), (first, one) -> new Touch(first.place(), first.count() + 1));
    }

    private final class Classes extends ClassVisitor {
        private String type = "";

        Classes() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String generic,
                @Nullable String parent,
                String @Nullable [] interfaces) {
            type = name.replace('/', '.');
            if (parent != null) {
                noteSuper(parent);
            }
            if (interfaces != null) {
                for (String each : interfaces) {
                    noteSuper(each);
                }
            }
        }

        private void noteSuper(String name) {
            Touches.ofSuper(name).ifPresent(permission -> note(permission, type + " is a " + name.replace('/', '.')));
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, @Nullable String generic, String @Nullable [] exceptions) {
            String place = type + "." + name;
            if ((access & Opcodes.ACC_NATIVE) != 0) {
                note(Permission.NATIVE, place);
            }
            return new Calls(place);
        }
    }

    private final class Calls extends MethodVisitor {
        private final String place;

        Calls(String place) {
            super(Opcodes.ASM9);
            this.place = place;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            touch(owner, name);
        }

        /** A method reference is a call that somebody else makes. */
        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    touch(handle.getOwner(), handle.getName());
                }
            }
        }

        private void touch(String owner, String name) {
            Optional<Permission> touched = Touches.of(owner, name);
            touched.ifPresent(permission -> note(
                    permission, place + " calls " + owner.replace('/', '.') + "." + name.replace("<init>", "new")));
        }
    }
}
