package org.fieldhouse.trust;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which calls into the JDK, the framework and the house touch what. It knows the front doors: what a library of the JDK does behind
 * another one's back is not seen, which docs/SECURITY.md says.
 */
final class Touches {
    private static final Map<Permission, Set<String>> CLASSES = new EnumMap<>(Permission.class);
    private static final Map<Permission, Set<String>> CALLS = new EnumMap<>(Permission.class);

    static {
        CLASSES.put(
                Permission.CONNECT,
                Set.of(
                        "java/net/Socket",
                        "java/net/DatagramSocket",
                        "java/net/MulticastSocket",
                        "java/net/http/HttpClient",
                        "java/net/URLConnection",
                        "java/net/HttpURLConnection",
                        "java/nio/channels/SocketChannel",
                        "java/nio/channels/DatagramChannel",
                        "java/nio/channels/AsynchronousSocketChannel",
                        "javax/net/SocketFactory",
                        "javax/net/ssl/SSLSocketFactory"));
        CLASSES.put(
                Permission.LISTEN,
                Set.of(
                        "java/net/ServerSocket",
                        "java/nio/channels/ServerSocketChannel",
                        "java/nio/channels/AsynchronousServerSocketChannel",
                        "javax/net/ServerSocketFactory",
                        "javax/net/ssl/SSLServerSocketFactory",
                        "com/sun/net/httpserver/HttpServer",
                        "com/sun/net/httpserver/HttpsServer"));
        CLASSES.put(Permission.SERIAL, Set.of("com/fazecast/jSerialComm/SerialPort"));
        CLASSES.put(Permission.READ, Set.of("java/io/FileInputStream", "java/io/FileReader"));
        CLASSES.put(
                Permission.WRITE,
                Set.of(
                        "java/io/FileOutputStream",
                        "java/io/FileWriter",
                        "java/io/RandomAccessFile",
                        "java/nio/channels/FileChannel"));
        CLASSES.put(
                Permission.REFLECT,
                Set.of(
                        "java/lang/reflect/Method",
                        "java/lang/reflect/Constructor",
                        "java/lang/reflect/Field",
                        "java/lang/reflect/AccessibleObject",
                        "java/lang/reflect/Proxy",
                        "java/lang/ClassLoader",
                        "java/net/URLClassLoader",
                        "java/io/ObjectInputStream",
                        "sun/misc/Unsafe",
                        "javax/script/ScriptEngineManager"));
        CLASSES.put(
                Permission.THREADS,
                Set.of(
                        "java/util/Timer",
                        "java/util/concurrent/Executors",
                        "java/util/concurrent/ThreadPoolExecutor",
                        "java/util/concurrent/ScheduledThreadPoolExecutor",
                        "java/util/concurrent/ForkJoinPool"));
        CLASSES.put(Permission.NATIVE, Set.of("com/sun/jna/Native", "java/lang/foreign/Linker"));
        CLASSES.put(Permission.PROCESS, Set.of("java/lang/ProcessBuilder"));

        CALLS.put(Permission.PUBLISH, Set.of("org/fieldhouse/api/bus/EventBus.publish"));
        CALLS.put(Permission.COMMAND, Set.of("org/fieldhouse/api/command/CommandRouter.send"));
        CALLS.put(Permission.CONNECT, Set.of("java/net/URL.openConnection", "java/net/URL.openStream"));
        CALLS.put(Permission.SERIAL, Set.of("org/fieldhouse/serial/SerialPorts.open"));
        CALLS.put(
                Permission.REFLECT,
                Set.of(
                        "java/lang/Class.forName",
                        "java/lang/Class.getDeclaredField",
                        "java/lang/Class.getDeclaredMethod",
                        "java/lang/invoke/MethodHandles.privateLookupIn",
                        "java/lang/invoke/MethodHandles$Lookup.defineClass",
                        "java/lang/invoke/MethodHandles$Lookup.defineHiddenClass"));
        CALLS.put(Permission.THREADS, Set.of("java/lang/Thread.start"));
        CALLS.put(
                Permission.GLOBAL,
                Set.of(
                        "java/lang/System.setProperty",
                        "java/lang/System.setProperties",
                        "java/lang/System.clearProperty",
                        "java/lang/System.setOut",
                        "java/lang/System.setErr",
                        "java/lang/System.setSecurityManager",
                        "java/lang/Thread.setDefaultUncaughtExceptionHandler",
                        "java/util/Locale.setDefault",
                        "java/util/TimeZone.setDefault",
                        "java/net/URL.setURLStreamHandlerFactory",
                        "java/security/Security.insertProviderAt",
                        "java/security/Security.addProvider",
                        "java/lang/Runtime.addShutdownHook"));
        CALLS.put(
                Permission.CONTAINER,
                Set.of(
                        "org/osgi/framework/BundleContext.installBundle",
                        "org/osgi/framework/Bundle.update",
                        "org/osgi/framework/Bundle.uninstall",
                        "org/osgi/framework/Bundle.stop",
                        "org/osgi/framework/wiring/FrameworkWiring.refreshBundles",
                        "org/osgi/framework/startlevel/FrameworkStartLevel.setStartLevel",
                        "org/fieldhouse/api/feature/Features.apply"));
        CALLS.put(
                Permission.NATIVE,
                Set.of(
                        "java/lang/System.load",
                        "java/lang/System.loadLibrary",
                        "java/lang/Runtime.load",
                        "java/lang/Runtime.loadLibrary"));
        CALLS.put(Permission.PROCESS, Set.of("java/lang/Runtime.exec"));
        CALLS.put(Permission.EXIT, Set.of("java/lang/System.exit", "java/lang/Runtime.exit", "java/lang/Runtime.halt"));
    }

    /** Methods of {@code java.nio.file.Files} that change nothing. */
    private static final Set<String> READING = Set.of(
            "exists",
            "find",
            "getAttribute",
            "getFileStore",
            "getLastModifiedTime",
            "getOwner",
            "getPosixFilePermissions",
            "isDirectory",
            "isExecutable",
            "isHidden",
            "isReadable",
            "isRegularFile",
            "isSameFile",
            "isSymbolicLink",
            "isWritable",
            "lines",
            "list",
            "mismatch",
            "newBufferedReader",
            "newDirectoryStream",
            "newInputStream",
            "notExists",
            "probeContentType",
            "readAllBytes",
            "readAllLines",
            "readAttributes",
            "readString",
            "readSymbolicLink",
            "size",
            "walk",
            "walkFileTree");

    private Touches() {}

    /** What a call touches; names as in a class file. */
    static Optional<Permission> of(String owner, String method) {
        if (owner.equals("java/nio/file/Files")) {
            return Optional.of(READING.contains(method) ? Permission.READ : Permission.WRITE);
        }
        for (Map.Entry<Permission, Set<String>> entry : CALLS.entrySet()) {
            if (entry.getValue().contains(owner + "." + method)) {
                return Optional.of(entry.getKey());
            }
        }
        return CLASSES.entrySet().stream()
                .filter(entry -> entry.getValue().contains(owner))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What it means to extend a class or to implement an interface. */
    static Optional<Permission> ofSuper(String name) {
        return switch (name) {
            case "java/lang/Thread" -> Optional.of(Permission.THREADS);
            case "java/lang/ClassLoader", "java/net/URLClassLoader" -> Optional.of(Permission.REFLECT);
            case "org/fieldhouse/api/binding/Binding" -> Optional.of(Permission.PUBLISH);
            default -> Optional.empty();
        };
    }
}
