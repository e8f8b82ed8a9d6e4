package org.fieldhouse.webconsole.login;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As much of a browser and a servlet container as the log-in sees: one request at a time, cookies kept by name. */
public final class Browser {
    static final String HOST = "127.0.0.1:8484";
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]*)\"");

    final Map<String, String> cookies = new HashMap<>();
    final Map<String, String> headers = new HashMap<>(Map.of("Host", HOST));
    final Map<String, Object> attributes = new HashMap<>();
    final List<Cookie> set = new ArrayList<>();
    final Map<String, String> answered = new HashMap<>();
    private @Nullable Session session;
    String address = "127.0.0.1";
    public int status;
    public String body = "";
    public String location = "";

    public HttpServletRequest request(String method, String path, Map<String, String> parameters) {
        attributes.clear();
        if (session != null) {
            attributes.put(Session.class.getName(), session);
        }
        return proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getMethod" -> method;
            case "getPathInfo" -> path.equals("/login") ? null : path.replaceFirst("^/login/", "/");
            case "getRequestURI" -> path;
            case "getScheme" -> "http";
            case "getRemoteAddr" -> address;
            case "getLocalPort" -> 8484;
            case "getHeader" -> headers.get(arguments[0]);
            case "getParameter" -> parameters.get(arguments[0]);
            case "getParameterNames" -> Collections.enumeration(parameters.keySet());
            case "getCookies" ->
                cookies.entrySet().stream()
                        .map(e -> new Cookie(e.getKey(), e.getValue()))
                        .toArray(Cookie[]::new);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "getAttribute" -> attributes.get(arguments[0]);
            case "getQueryString", "getContentType" -> null;
            default -> throw new UnsupportedOperationException(name);
        });
    }

    public HttpServletResponse response() {
        StringWriter written = new StringWriter();
        status = 200;
        location = "";
        body = "";
        set.clear();
        answered.clear();
        return proxy(HttpServletResponse.class, (name, arguments) -> {
            switch (name) {
                case "setStatus", "sendError" -> status = (int) arguments[0];
                case "setHeader" -> answered.put((String) arguments[0], (String) arguments[1]);
                case "addCookie" -> {
                    Cookie cookie = (Cookie) arguments[0];
                    set.add(cookie);
                    cookies.put(cookie.getName(), cookie.getValue());
                }
                case "sendRedirect" -> {
                    status = 302;
                    location = (String) arguments[0];
                }
                case "getWriter" -> {
                    return new PrintWriter(written) {
                        @Override
                        public void write(String text, int from, int length) {
                            super.write(text, from, length);
                            body = written.toString();
                        }
                    };
                }
                case "setContentType", "setCharacterEncoding" -> {}
                default -> throw new UnsupportedOperationException(name);
            }
            return null;
        });
    }

    /** As a browser does with a form of our own pages. */
    void fromOurPage() {
        headers.put("Origin", "http://" + HOST);
        headers.put("Sec-Fetch-Site", "same-origin");
    }

    public String token() {
        Matcher token = TOKEN.matcher(body);
        return token.find() ? token.group(1) : "";
    }

    /** As if the log-in had let it in. */
    public Session logIn(String user) {
        Session begun = new Session(user, 0);
        session = begun;
        return begun;
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (Object self, Method method, Object[] arguments) -> answer.to(method.getName(), arguments)));
    }
}
