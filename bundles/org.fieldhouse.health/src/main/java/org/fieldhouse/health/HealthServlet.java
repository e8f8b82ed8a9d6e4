package org.fieldhouse.health;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /health} in a servlet container, as {@link HealthEndpoint} answers it without one.
 *
 * <p>It is a proxy for the container's own {@code jakarta.servlet.Servlet}. A class that implemented it would have this bundle wired to the
 * servlet API, and then the bundle with all the health checks would have to stop and start anew whenever a container leaves.
 */
final class HealthServlet implements InvocationHandler {
    static final String SERVLET = "jakarta.servlet.Servlet";

    /** What finds a class by its name: a bundle of the container. */
    interface Classes {
        Class<?> find(String name) throws ClassNotFoundException;
    }

    private final Supplier<Readiness.Answer> readiness;
    private final Class<?> request;
    private final Class<?> response;
    private @Nullable Object config;

    private HealthServlet(Supplier<Readiness.Answer> readiness, Classes classes) throws ClassNotFoundException {
        this.readiness = readiness;
        request = classes.find("jakarta.servlet.http.HttpServletRequest");
        response = classes.find("jakarta.servlet.http.HttpServletResponse");
    }

    /** A servlet of the container that has these classes. */
    static Object of(Supplier<Readiness.Answer> readiness, Classes classes) throws ClassNotFoundException {
        Class<?> servlet = classes.find(SERVLET);
        return Proxy.newProxyInstance(
                servlet.getClassLoader(), new Class<?>[] {servlet}, new HealthServlet(readiness, classes));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object first = arguments == null ? null : arguments[0];
        return switch (method.getName()) {
            case "service" -> {
                if (arguments != null) {
                    answer(arguments[0], arguments[1]);
                }
                yield null;
            }
            case "init" -> {
                config = first;
                yield null;
            }
            case "getServletConfig" -> config;
            case "getServletInfo", "toString" -> "Fieldhouse: is the house ready, and if not, why";
            case "equals" -> proxy == first;
            case "hashCode" -> System.identityHashCode(proxy);
            default -> null;
        };
    }

    private void answer(Object asked, Object answered) throws Exception {
        String method = (String) call(request.getMethod("getMethod"), asked);
        boolean head = "HEAD".equals(method);
        Method header = response.getMethod("setHeader", String.class, String.class);
        Method status = response.getMethod("setStatus", int.class);
        if (!head && !"GET".equals(method)) {
            call(header, answered, "Allow", "GET, HEAD"); // RFC 9110, 15.5.6
            call(status, answered, 405);
            return;
        }
        Readiness.Answer answer = readiness.get();
        byte[] body = answer.body();
        call(status, answered, answer.status());
        call(header, answered, "Content-Type", "application/json");
        call(header, answered, "Cache-Control", "no-store");
        call(response.getMethod("setContentLength", int.class), answered, body.length);
        if (!head && call(response.getMethod("getOutputStream"), answered) instanceof OutputStream out) {
            out.write(body);
        }
    }

    private static @Nullable Object call(Method method, Object target, Object... arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
