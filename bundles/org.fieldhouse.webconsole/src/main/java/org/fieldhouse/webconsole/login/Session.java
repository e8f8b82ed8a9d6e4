package org.fieldhouse.webconsole.login;

import jakarta.servlet.ServletRequest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One log-in of one browser. Any thread. */
public final class Session {
    private static final String ATTRIBUTE = Session.class.getName();

    private final String id = Secrets.token();
    private final String formToken = Secrets.token();
    private final String user;
    private final long begunNanos;
    private volatile long usedNanos;
    private final AtomicReference<@Nullable Notice> notice = new AtomicReference<>();

    /** Something to be said on the next page. @param good whether what was asked for was done */
    public record Notice(boolean good, String text, String link) {}

    Session(String user, long nowNanos) {
        this.user = user;
        begunNanos = nowNanos;
        usedNanos = nowNanos;
    }

    /** The session of a request that was let in. */
    public static Session of(ServletRequest request) {
        return (Session) Objects.requireNonNull(request.getAttribute(ATTRIBUTE), "not let in");
    }

    void attach(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    String id() {
        return id;
    }

    public String user() {
        return user;
    }

    /** What every form has to send along: another site cannot know it. */
    public String formToken() {
        return formToken;
    }

    /** Whether a form was made by a page of this session. */
    public boolean sent(@Nullable String token) {
        return token != null && Secrets.same(formToken, token);
    }

    long begunNanos() {
        return begunNanos;
    }

    long usedNanos() {
        return usedNanos;
    }

    void use(long nowNanos) {
        usedNanos = nowNanos;
    }

    public void say(Notice next) {
        notice.set(next);
    }

    /** What is to be said; once. */
    public @Nullable Notice takeNotice() {
        return notice.getAndSet(null);
    }
}
