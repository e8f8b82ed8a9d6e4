package org.fieldhouse.health;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * {@code GET /health} on the JDK's own small HTTP server: 200 {@code {"ready":true}}, or 503 with the reasons as {@code problems};
 * either with {@code warnings}, if there are any.
 */
final class HealthEndpoint implements AutoCloseable {
    static final String PATH = "/health";

    private static final int THREADS = 2;
    /** More than jdk.httpserver.maxConnections (conf/jvm.options) lets in. */
    private static final int WAITING = 64;

    private static final int NO_BODY = -1;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Supplier<Readiness.Answer> readiness;

    private HealthEndpoint(HttpServer server, ThreadPoolExecutor threads, Supplier<Readiness.Answer> readiness) {
        this.server = server;
        this.threads = threads;
        this.readiness = readiness;
    }

    static HealthEndpoint open(InetSocketAddress address, Supplier<Readiness.Answer> readiness) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        HealthEndpoint endpoint = new HealthEndpoint(server, threads(), readiness);
        server.setExecutor(endpoint.threads);
        server.createContext(PATH, endpoint::handle);
        server.start();
        return endpoint;
    }

    private static ThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> new Thread(task, "fieldhouse-health-" + number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(
                        404, NO_BODY); // RFC 9110, 15.5.5: a context takes what only begins with its path
            } else if (head || exchange.getRequestMethod().equals("GET")) {
                answer(exchange, readiness.get(), head);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD"); // RFC 9110, 15.5.6
                exchange.sendResponseHeaders(405, NO_BODY);
            }
        }
    }

    private static void answer(HttpExchange exchange, Readiness.Answer answer, boolean head) throws IOException {
        byte[] body = answer.body();
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(answer.status(), head ? NO_BODY : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
