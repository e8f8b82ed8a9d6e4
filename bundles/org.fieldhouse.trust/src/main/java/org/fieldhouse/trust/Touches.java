package org.fieldhouse.trust;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which calls into the JDK, the framework and the house touch what. It knows the front doors: what a library of the JDK does behind
 * another one's back is not seen, which docs/SECURITY.md says.
 */
final class Touches {
    /** By the name of the class. */
    private static final Map<String, Permission> CLASSES = new HashMap<>();
    /** By the name of the class, then of the method: a jar has tens of thousands of calls, and most are to neither. */
    private static final Map<String, Map<String, Permission>> CALLS = new HashMap<>();

    static {
        classes(
                Permission.CONNECT,
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
                "javax/net/ssl/SSLSocketFactory");
        classes(
                Permission.LISTEN,
                "java/net/ServerSocket",
                "java/nio/channels/ServerSocketChannel",
                "java/nio/channels/AsynchronousServerSocketChannel",
                "javax/net/ServerSocketFactory",
                "javax/net/ssl/SSLServerSocketFactory",
                "com/sun/net/httpserver/HttpServer",
                "com/sun/net/httpserver/HttpsServer");
        classes(Permission.SERIAL, "com/fazecast/jSerialComm/SerialPort");
        classes(Permission.READ, "java/io/FileInputStream", "java/io/FileReader");
        classes(
                Permission.WRITE,
                "java/io/FileOutputStream",
                "java/io/FileWriter",
                "java/io/RandomAccessFile",
                "java/nio/channels/FileChannel");
        classes(
                Permission.REFLECT,
                "java/lang/reflect/Method",
                "java/lang/reflect/Constructor",
                "java/lang/reflect/Field",
                "java/lang/reflect/AccessibleObject",
                "java/lang/reflect/Proxy",
                "java/lang/ClassLoader",
                "java/net/URLClassLoader",
                "java/io/ObjectInputStream",
                "sun/misc/Unsafe",
                "javax/script/ScriptEngineManager");
        classes(
                Permission.THREADS,
                "java/util/Timer",
                "java/util/concurrent/Executors",
                "java/util/concurrent/ThreadPoolExecutor",
                "java/util/concurrent/ScheduledThreadPoolExecutor",
                "java/util/concurrent/ForkJoinPool");
        classes(Permission.NATIVE, "com/sun/jna/Native", "java/lang/foreign/Linker");
        classes(Permission.PROCESS, "java/lang/ProcessBuilder");

        calls(Permission.PUBLISH, "org/fieldhouse/api/bus/EventBus.publish");
        calls(Permission.COMMAND, "org/fieldhouse/api/command/CommandRouter.send");
        calls(Permission.CONNECT, "java/net/URL.openConnection", "java/net/URL.openStream");
        calls(Permission.SERIAL, "org/fieldhouse/serial/SerialPorts.open");
        calls(
                Permission.REFLECT,
                "java/lang/Class.forName",
                "java/lang/Class.getDeclaredField",
                "java/lang/Class.getDeclaredMethod",
                "java/lang/invoke/MethodHandles.privateLookupIn",
                "java/lang/invoke/MethodHandles$Lookup.defineClass",
                "java/lang/invoke/MethodHandles$Lookup.defineHiddenClass");
        calls(Permission.THREADS, "java/lang/Thread.start");
        calls(
                Permission.GLOBAL,
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
                "java/lang/Runtime.addShutdownHook");
        calls(
                Permission.CONTAINER,
                "org/osgi/framework/BundleContext.installBundle",
                "org/osgi/framework/Bundle.update",
                "org/osgi/framework/Bundle.uninstall",
                "org/osgi/framework/Bundle.stop",
                "org/osgi/framework/wiring/FrameworkWiring.refreshBundles",
                "org/osgi/framework/startlevel/FrameworkStartLevel.setStartLevel",
                "org/fieldhouse/api/feature/Features.apply");
        calls(
                Permission.NATIVE,
                "java/lang/System.load",
                "java/lang/System.loadLibrary",
                "java/lang/Runtime.load",
                "java/lang/Runtime.loadLibrary");
        calls(Permission.PROCESS, "java/lang/Runtime.exec");
        calls(Permission.EXIT, "java/lang/System.exit", "java/lang/Runtime.exit", "java/lang/Runtime.halt");
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

    private static void classes(Permission permission, String... names) {
        for (String name : names) {
            CLASSES.put(name, permission);
        }
    }

    private static void calls(Permission permission, String... names) {
        for (String name : names) {
            int dot = name.indexOf('.');
            CALLS.computeIfAbsent(name.substring(0, dot), owner -> new HashMap<>())
                    .put(name.substring(dot + 1), permission);
        }
    }

    /** What a call touches; names as in a class file. */
    static Optional<Permission> of(String owner, String method) {
        if (owner.equals("java/nio/file/Files")) {
            return Optional.of(READING.contains(method) ? Permission.READ : Permission.WRITE);
        }
        Map<String, Permission> calls = CALLS.getOrDefault(owner, Map.of());
        return Optional.ofNullable(calls.getOrDefault(method, CLASSES.get(owner)));
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
