package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The machine's files through a file system that can be killed: every change is a step, and in the fatal one a write gets half of
 * its bytes to the disk, any other change nothing; from then on nothing is changed any more. What reads works as ever. What the journal's files never ask for
 * throws {@link UnsupportedOperationException}: a change of theirs that it began to use would pass by the steps unseen otherwise.
 */
final class MortalFiles extends FileSystemProvider {
    /** Counts the steps of everything that may die together, from when it is armed. Any thread. */
    static final class Life {
        private long fatal;
        private boolean armed;
        private final List<String> steps = new ArrayList<>();

        /** @param step the one to die in, from 1 */
        synchronized void arm(long step) {
            fatal = step;
            armed = true;
            steps.clear();
        }

        /** Whether the step may be taken; false for the fatal one and those behind it. */
        synchronized boolean step(String what) {
            if (armed && steps.size() < fatal) {
                steps.add(what);
            }
            return !isDead();
        }

        synchronized boolean isDead() {
            return armed && steps.size() >= fatal;
        }

        synchronized List<String> steps() {
            return List.copyOf(steps);
        }

        synchronized String last() {
            return steps.isEmpty() ? "" : steps.get(steps.size() - 1);
        }
    }

    private final Life life;
    private final Mortals system = new Mortals();

    MortalFiles(Life life) {
        this.life = life;
    }

    private void step(String what) throws IOException {
        if (!life.step(what)) {
            throw new IOException("killed before: " + what);
        }
    }

    // ---- paths

    private interface Mortal {
        Path real();
    }

    /** The same place in this file system. */
    Path path(Path real) {
        return (Path) Proxy.newProxyInstance(
                Mortal.class.getClassLoader(), new Class<?>[] {Path.class, Mortal.class}, (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "real" -> {
                            return real;
                        }
                        case "getFileSystem" -> {
                            return system;
                        }
                        case "equals" -> {
                            return real.equals(real(args[0]));
                        }
                        case "iterator" -> {
                            List<Path> names = new ArrayList<>();
                            real.forEach(name -> names.add(path(name)));
                            return names.iterator();
                        }
                        default -> {}
                    }
                    Object[] plain = args == null ? new Object[0] : args.clone();
                    for (int i = 0; i < plain.length; i++) {
                        plain[i] = real(plain[i]);
                    }
                    try {
                        Object result = method.invoke(real, plain);
                        return result instanceof Path path ? path(path) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static @Nullable Object real(@Nullable Object path) {
        return path instanceof Mortal mortal ? mortal.real() : path;
    }

    private static Path plain(Path path) {
        return path instanceof Mortal mortal ? mortal.real() : path;
    }

    // ---- changes

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (!options.contains(StandardOpenOption.WRITE)) {
            return FileChannel.open(plain(path), options, attributes);
        }
        step("open " + path.getFileName());
        return new Channel(
                FileChannel.open(plain(path), options, attributes),
                life,
                path.getFileName().toString());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (!options.contains(StandardOpenOption.WRITE)) {
            return Files.newByteChannel(plain(path), options, attributes);
        }
        return newFileChannel(path, options, attributes);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        step("make " + path.getFileName());
        Files.createDirectory(plain(path), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
        step("delete " + path.getFileName());
        Files.delete(plain(path));
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        step("move to " + to.getFileName());
        Files.move(plain(from), plain(to), options);
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        step("copy to " + to.getFileName());
        Files.copy(plain(from), plain(to), options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) throws IOException {
        step("set " + name);
        Files.setAttribute(plain(path), name, value, options);
    }

    // ---- looking

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(plain(folder))) {
            for (Path each : all) {
                if (filter.accept(path(each))) {
                    found.add(path(each));
                }
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean isSameFile(Path a, Path b) throws IOException {
        return Files.isSameFile(plain(a), plain(b));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(plain(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(plain(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Path real = plain(path);
        real.getFileSystem().provider().checkAccess(real, modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return Files.getFileAttributeView(plain(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return Files.readAttributes(plain(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        return Files.readAttributes(plain(path), names, options);
    }

    @Override
    public String getScheme() {
        return "mortal";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    private final class Mortals extends FileSystem {
        private final FileSystem real = java.nio.file.FileSystems.getDefault();

        @Override
        public FileSystemProvider provider() {
            return MortalFiles.this;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return real.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return real.getRootDirectories();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return real.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return real.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return path(real.getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            return real.getPathMatcher(pattern);
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return real.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() {
            throw new UnsupportedOperationException("whoever tries this says himself when there is something new");
        }
    }

    /** A file that is written from front to back. */
    private static final class Channel extends FileChannel {
        private final FileChannel real;
        private final Life life;
        private final String name;

        Channel(FileChannel real, Life life, String name) {
            this.real = real;
            this.life = life;
            this.name = name;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            boolean alive = !life.isDead();
            if (life.step("write " + name)) {
                return real.write(from);
            }
            if (alive) {
                real.write(from.slice(from.position(), from.remaining() / 2));
            }
            throw new IOException("killed while writing " + name);
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            long all = 0;
            for (int i = offset; i < offset + length; i++) {
                all += write(from[i]);
            }
            return all;
        }

        @Override
        public int write(ByteBuffer from, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (!life.step("sync " + name)) {
                throw new IOException("killed before the sync of " + name);
            }
            real.force(metaData);
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            return real.read(to);
        }

        @Override
        public long read(ByteBuffer[] to, int offset, int length) throws IOException {
            return real.read(to, offset, length);
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            return real.read(to, position);
        }

        @Override
        public long position() throws IOException {
            return real.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            real.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, java.nio.channels.WritableByteChannel to) throws IOException {
            return real.transferTo(position, count, to);
        }

        @Override
        public long transferFrom(java.nio.channels.ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public java.nio.MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public java.nio.channels.FileLock lock(long position, long size, boolean shared) throws IOException {
            return real.lock(position, size, shared);
        }

        @Override
        public java.nio.channels.@Nullable FileLock tryLock(long position, long size, boolean shared)
                throws IOException {
            return real.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }
    }
}
