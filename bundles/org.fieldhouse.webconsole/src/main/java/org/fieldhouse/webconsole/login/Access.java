package org.fieldhouse.webconsole.login;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.fieldhouse.webconsole.login.Administrators.Administrator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who gets in: the administrator, whom the first visitor makes with the one-time code, and the sessions. It needs no other service,
 * so that nobody is logged out when one is replaced. Any thread.
 */
@Component(service = Access.class, immediate = true)
public final class Access {
    static final String LOGIN = "/login";
    static final String CONSOLE = "/system/console";
    /** Sent by a page that refreshes itself. */
    static final String REFRESH = "X-Fieldhouse-Refresh";

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final String SESSION_COOKIE = "fieldhouse-session-";
    private static final long PATIENCE_SECONDS = 10;

    private final Administrators administrators;
    private final Sessions sessions;
    private final AttemptLimit limit;
    /** One hash at a time: guessing must not take the processors from the house. */
    private final Semaphore hashing = new Semaphore(1, true);
    /** Null when there is an administrator. */
    private volatile @Nullable String code;
    /** For names that do not exist: they take as long. */
    private @Nullable PasswordHash nobody;

    @Activate
    public Access(BundleContext context) {
        this(Path.of(String.valueOf(context.getProperty("fieldhouse.home")), "data", "webconsole"), System::nanoTime);
        String open = code;
        if (open != null) {
            // On the terminal and in the service manager's journal, not in a log file.
            System.err.println("fieldhouse: http://127.0.0.1:" + context.getProperty("org.osgi.service.http.port")
                    + LOGIN + "  one-time code to make the administrator: " + open);
        }
    }

    Access(Path folder, LongSupplier nanos) {
        administrators = new Administrators(folder.resolve("administrator"));
        sessions = new Sessions(nanos);
        limit = new AttemptLimit(nanos);
        try {
            code = administrators.find().isPresent() ? null : Secrets.code();
        } catch (IOException e) {
            LOG.error("Nobody can log in to the web console: {}", e.getMessage());
        }
    }

    /** How an attempt to get in ended. */
    sealed interface Attempt {
        record In(Session session) implements Attempt {}

        /** @param message for people @param after how long to wait before the next; zero if it may be made at once */
        record Out(String message, Duration after) implements Attempt {}
    }

    @Nullable
    String code() {
        return code;
    }

    /** Whether the administrator is still to be made. */
    boolean isOpen() {
        return code != null;
    }

    /** The first visitor makes the administrator, and is logged in. */
    Attempt setUp(String address, String typedCode, String name, String password, String again) throws IOException {
        return attempt(address, () -> {
            String open = code;
            if (open == null) {
                return new Attempt.Out("There is an administrator already: log in.", Duration.ZERO);
            }
            if (!Secrets.sameCode(open, typedCode)) {
                return new Attempt.Out("That is not the one-time code that the house printed.", Duration.ZERO);
            }
            limit.succeeded(address);
            if (!password.equals(again)) {
                return new Attempt.Out("The two passwords differ.", Duration.ZERO);
            }
            try {
                administrators.make(name, password);
            } catch (IllegalArgumentException e) {
                return new Attempt.Out(sentence(e), Duration.ZERO);
            }
            code = null;
            return new Attempt.In(sessions.begin(name));
        });
    }

    Attempt logIn(String address, String name, String password) throws IOException {
        return attempt(address, () -> {
            Optional<Administrator> right = verified(name, password);
            if (right.isEmpty()) {
                return new Attempt.Out("User name or password is wrong.", Duration.ZERO);
            }
            limit.succeeded(address);
            return new Attempt.In(sessions.begin(name));
        });
    }

    /** Ends every session; the one that asked goes on in a new one. */
    Attempt changePassword(String address, String name, String old, String password, String again) throws IOException {
        return attempt(address, () -> {
            Optional<Administrator> right = verified(name, old);
            if (right.isEmpty()) {
                return new Attempt.Out("The old password is wrong.", Duration.ZERO);
            }
            limit.succeeded(address);
            if (!password.equals(again)) {
                return new Attempt.Out("The two new passwords differ.", Duration.ZERO);
            }
            try {
                administrators.change(right.get(), password);
            } catch (IllegalArgumentException e) {
                return new Attempt.Out(sentence(e), Duration.ZERO);
            }
            sessions.endAll();
            return new Attempt.In(sessions.begin(name));
        });
    }

    private interface Work {
        Attempt make() throws IOException;
    }

    private Attempt attempt(String address, Work work) throws IOException {
        try {
            if (!hashing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return new Attempt.Out(
                        "Too many try to log in at the same time.", Duration.ofSeconds(PATIENCE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Attempt.Out("The house is stopping.", Duration.ofSeconds(PATIENCE_SECONDS));
        }
        try {
            Duration wait = limit.begin(address);
            return wait.isZero()
                    ? work.make()
                    : new Attempt.Out("Too many attempts failed: try again in " + inWords(wait) + ".", wait);
        } finally {
            hashing.release();
        }
    }

    private Optional<Administrator> verified(String name, String password) throws IOException {
        Optional<Administrator> administrator = administrators.find().filter(a -> Secrets.same(a.name(), name));
        boolean right = password.length() <= Administrators.LONGEST_PASSWORD
                && administrator
                        .map(Administrator::password)
                        .orElseGet(this::nobody)
                        .matches(password);
        return administrator.filter(a -> right);
    }

    private PasswordHash nobody() {
        PasswordHash known = nobody;
        if (known == null) {
            known = PasswordHash.of(Secrets.token());
            nobody = known;
        }
        return known;
    }

    private static String sentence(IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + '.';
    }

    private static String inWords(Duration wait) {
        long seconds = wait.toSeconds() + 1;
        return seconds < 120 ? seconds + " s" : (seconds + 59) / 60 + " min";
    }

    // ---- sessions and their cookie

    /** The session that the browser's cookie names. */
    Optional<Session> session(HttpServletRequest request) {
        return cookie(request, cookieName(request))
                .flatMap(id -> sessions.find(id, request.getHeader(REFRESH) == null));
    }

    void enter(Session session, HttpServletRequest request, HttpServletResponse response) {
        response.addCookie(cookie(cookieName(request), session.id(), CONSOLE));
    }

    void leave(Session session, HttpServletRequest request, HttpServletResponse response) {
        sessions.end(session);
        Cookie gone = cookie(cookieName(request), "", CONSOLE);
        gone.setMaxAge(0);
        response.addCookie(gone);
    }

    static Optional<String> cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return Optional.of(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** A browser keeps cookies by host, not by port: two houses on one machine would log each other out. */
    private static String cookieName(HttpServletRequest request) {
        return SESSION_COOKIE + request.getLocalPort();
    }

    static Cookie cookie(String name, String value, String path) {
        Cookie cookie = new Cookie(name, value);
        cookie.setPath(path);
        cookie.setHttpOnly(true);
        cookie.setAttribute("SameSite", "Strict");
        return cookie;
    }
}
