package org.fieldhouse.webconsole.tab;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.fieldhouse.webconsole.login.Audit;
import org.fieldhouse.webconsole.login.Session;
import org.fieldhouse.webconsole.login.Session.Notice;

/**
 * A tab of the console. A GET shows a page and changes nothing; a POST of one of the tab's own forms does something, says what came of
 * it on the page that it leads to, and is thus not done twice when a page is loaded again. Any thread.
 */
abstract class Tab extends AbstractServlet {
    static final String CSS = "felix.webconsole.css";
    static final String CATEGORY = "felix.webconsole.category=Fieldhouse";
    static final String ROOT = "/system/console/";
    private static final long serialVersionUID = 1L;

    private final String label;
    private final transient Audit audit;

    Tab(String label, Audit audit) {
        this.label = label;
        this.audit = audit;
    }

    /** What went wrong, for people; nothing was done. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** A page of this tab. */
    abstract Html page(HttpServletRequest request, HttpServletResponse response, String path)
            throws Refused, IOException;

    /** Does what a form asks for. @return where to go on: a path within the tab, with its query */
    abstract String act(HttpServletRequest request, Session session, String path) throws Refused, IOException;

    @Override
    protected final void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Session session = Session.of(request);
        if (!session.sent(request.getParameter("token"))) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("text/plain");
            response.getWriter().println("This form is not of this log-in: load its page again.");
            return;
        }
        String next;
        try {
            next = act(request, session, path(request));
        } catch (Refused e) {
            session.say(new Notice(false, String.valueOf(e.getMessage()), ""));
            next = Objects.requireNonNullElse(request.getParameter("from"), "");
        }
        // Of our own pages only: "from" comes with the form.
        response.sendRedirect(
                ROOT + label + (next.matches("(/[\\w-]+)?(\\?.*)?") ? next.replaceAll("[\\r\\n]", "") : ""));
    }

    @Override
    public final void renderContent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Html content;
        try {
            content = page(request, response, path(request));
        } catch (Refused e) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            content = Html.of("<p class=\"fh-bad\" role=\"alert\">{}</p>", String.valueOf(e.getMessage()));
        }
        Session session = Session.of(request);
        Html shown = Html.of(
                """
                <script src="{}devices/res/fieldhouse.js" defer></script>
                <div class="fh"><nav class="fh-tabs">{}<span class="fh-user">{} · <a href="/login/password">Change the password</a></span></nav>
                {}
                {}
                </div>
                """,
                ROOT,
                Html.join(Stream.of("Devices", "Rules", "Features").map(this::link)),
                session.user(),
                notice(session),
                content);
        response.getWriter().print(shown);
    }

    private Html link(String title) {
        String target = title.toLowerCase(Locale.ROOT);
        return Html.of(
                "<a href=\"{}{}\"{}>{}</a>",
                ROOT,
                target,
                target.equals(label) ? Html.of(" aria-current=\"page\"") : Html.NONE,
                title);
    }

    private static Html notice(Session session) {
        Notice notice = session.takeNotice();
        if (notice == null) {
            return Html.NONE;
        }
        return Html.of(
                "<p id=\"fh-notice\" class=\"{}\" role=\"status\">{}{}</p>",
                notice.good() ? "fh-good" : "fh-bad",
                notice.text(),
                notice.link().isEmpty() ? Html.NONE : Html.of(" <a href=\"{}\">Why?</a>", notice.link()));
    }

    /** What the console leaves: {@code ""} or {@code /one}. */
    private String path(HttpServletRequest request) {
        String all = String.valueOf(request.getPathInfo());
        return all.length() > label.length() + 1 ? all.substring(label.length() + 1) : "";
    }

    void record(Session session, String action, String subject, String detail) {
        audit.record(session.user(), "console." + action, subject, detail);
    }

    /** The beginning of a form, with what proves whose page it is on. @param attributes of the form, {@code class="fh-inline"} */
    Html form(HttpServletRequest request, String path, Html attributes) {
        String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        return Html.of(
                "<form method=\"post\" action=\"{}{}{}\" {}><input type=\"hidden\" name=\"token\" value=\"{}\">"
                        + "<input type=\"hidden\" name=\"from\" value=\"{}\">",
                ROOT,
                label,
                path,
                attributes,
                Session.of(request).formToken(),
                path(request) + query);
    }

    static String parameter(HttpServletRequest request, String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "").strip();
    }

    static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static Html hidden(String name, String value) {
        return Html.of("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value);
    }

    /** A heading row. */
    static Html head(String... titles) {
        return Html.of(
                "<thead><tr>{}</tr></thead>",
                Html.join(Stream.of(titles).map(title -> Html.of("<th scope=\"col\">{}</th>", title))));
    }
}
