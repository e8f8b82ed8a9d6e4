package org.fieldhouse.webconsole.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every page of the Felix Web Console, which is not there at all without it: {@code conf/system.properties} names it
 * in {@code felix.webconsole.security.providers}. Any thread.
 */
@Component(service = SecurityProvider.class, property = SecurityProvider.PROPERTY_ID + "=" + ConsoleSecurity.ID)
public final class ConsoleSecurity implements SecurityProvider {
    static final String ID = "org.fieldhouse.webconsole";
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSecurity.class);
    /** Pages that say themselves what was done. */
    private static final Set<String> OURS = Set.of("devices", "rules", "features");

    private static final int MOST_DETAIL = 500;

    private final Access access;
    private final Audit audit;
    private final AtomicLong refused = new AtomicLong();

    @Activate
    public ConsoleSecurity(@Reference Access access, @Reference Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        try {
            String path = String.valueOf(request.getPathInfo());
            Gate.headers(response, isOurs(path) ? Gate.TAB_POLICY : Gate.FELIX_POLICY, path.startsWith("/res/"));
            Optional<Gate.Refusal> refusal = Gate.refusal(request);
            if (refusal.isPresent()) {
                tell(request, refusal.get());
                refusal.get().answer(response);
                return null;
            }
            Optional<Session> session = access.session(request);
            if (session.isEmpty()) {
                sendToLogin(request, response);
                return null;
            }
            session.get().attach(request);
            if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
                record(session.get(), request, path);
            }
            return session.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A page of another site can make as many requests as it likes; it shall not fill the log. */
    private void tell(HttpServletRequest request, Gate.Refusal refusal) {
        long count = refused.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn(
                    "{} requests to the web console refused, the last a {}: {}",
                    count,
                    request.getMethod(),
                    refusal.message());
        }
    }

    private static void sendToLogin(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("GET")) {
            String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
            response.sendRedirect(Access.LOGIN + "?next="
                    + URLEncoder.encode(request.getRequestURI() + query, StandardCharsets.UTF_8));
        } else {
            new Gate.Refusal(
                            HttpServletResponse.SC_UNAUTHORIZED,
                            "You are not logged in any more: log in, and do it again.")
                    .answer(response);
        }
    }

    private static boolean isOurs(String path) {
        return OURS.contains(path.replaceFirst("^/", "").replaceFirst("/.*", ""));
    }

    /** Before it is done, because what is done may be to stop the house. Values may be secrets: their names alone are kept. */
    private void record(Session session, HttpServletRequest request, String path) {
        if (isOurs(path)) {
            return;
        }
        List<String> words = new ArrayList<>();
        String type = request.getContentType();
        if (type == null || !type.startsWith("multipart/")) {
            for (String name : Collections.list(request.getParameterNames())) {
                words.add(name.equals("action") ? "action=" + request.getParameter(name) : name);
            }
        }
        String detail = String.join(" ", words);
        audit.record(
                session.user(),
                "console.request",
                request.getMethod() + ' ' + path,
                detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) : detail);
    }

    /** There is one role: the administrator's. */
    @Override
    public boolean authorize(Object user, String role) {
        return user instanceof Session;
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        access.session(request).ifPresent(session -> {
            access.leave(session, request, response);
            audit.record(session.user(), "console.logout", session.user(), "from " + request.getRemoteAddr());
        });
        try {
            response.sendRedirect(Access.LOGIN + "?out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
