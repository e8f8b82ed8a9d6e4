package org.fieldhouse.webconsole.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is looked at before anything else, whoever asks: from where a request comes, and which page made the browser send it. */
final class Gate {
    /** Its tables are sorted by code that it makes of text. */
    static final String FELIX_POLICY = policy("'self' 'unsafe-inline' 'unsafe-eval'", "'self' 'unsafe-inline'");
    /** The Felix console's frame around our tabs has scripts and styles within the page. */
    static final String TAB_POLICY = policy("'self' 'unsafe-inline'", "'self' 'unsafe-inline'");
    /** The log-in has none. */
    static final String STRICT_POLICY = policy("'self'", "'self'");

    private static final Set<String> SAFE = Set.of("GET", "HEAD");
    private static final Set<String> UNSAFE = Set.of("POST", "PUT", "DELETE", "PATCH");
    private static final Pattern LOOPBACK = Pattern.compile("(?:127\\.0\\.0\\.1|localhost|\\[::1])(?::\\d{1,5})?");

    private Gate() {}

    /** @param status of HTTP @param message for people: what is wrong and what to do */
    record Refusal(int status, String message) {
        void answer(HttpServletResponse response) throws IOException {
            response.setStatus(status);
            response.setContentType("text/plain");
            response.setCharacterEncoding("utf-8");
            response.getWriter().println(message);
        }
    }

    /** Why a request is not let in, if it is not. */
    static Optional<Refusal> refusal(HttpServletRequest request) {
        if (!isLoopback(request.getRemoteAddr())) {
            return refuse(
                    HttpServletResponse.SC_FORBIDDEN, "The console answers this machine only; use an SSH tunnel.");
        }
        // A foreign name that was made to point here (DNS rebinding) is still in the Host header.
        String host = request.getHeader("Host");
        if (host == null || !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            return refuse(
                    421, // Misdirected Request, RFC 9110 section 15.5.20
                    "The console answers to 127.0.0.1, localhost and [::1] only, not to another name.");
        }
        if (SAFE.contains(request.getMethod())) {
            return Optional.empty();
        }
        if (!UNSAFE.contains(request.getMethod())) {
            return refuse(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Not a method of the console.");
        }
        return isOwnPage(request, host)
                ? Optional.empty()
                : refuse(
                        HttpServletResponse.SC_FORBIDDEN,
                        "A page of another site wanted to change something here; it was refused.");
    }

    /** A browser says at every such request which page made it (Fetch Standard; Fetch Metadata Request Headers); no word is no proof. */
    private static boolean isOwnPage(HttpServletRequest request, String host) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean own = (request.getScheme() + "://" + host).equalsIgnoreCase(origin);
        return site == null ? own : site.equals("same-origin") && (origin == null || own);
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Optional<Refusal> refuse(int status, String message) {
        return Optional.of(new Refusal(status, message));
    }

    /** What the browser is told to allow. Files that do not change may be kept. */
    static void headers(HttpServletResponse response, String policy, boolean keep) {
        response.setHeader("Content-Security-Policy", policy);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        // With no-referrer the browser would send "Origin: null" with our own forms.
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (!keep) {
            response.setHeader("Cache-Control", "no-store");
        }
    }

    private static String policy(String code, String style) {
        return "default-src 'self'; script-src " + code + "; style-src " + style
                + "; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }
}
