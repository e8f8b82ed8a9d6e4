package org.fieldhouse.webconsole.login;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.fieldhouse.webconsole.login.Access.Attempt;
import org.fieldhouse.webconsole.tab.Html;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /login}: making the administrator, logging in, changing the password. Without JavaScript. */
@Component(
        service = Servlet.class,
        property = {"osgi.http.whiteboard.servlet.pattern=/login", "osgi.http.whiteboard.servlet.pattern=/login/*"})
public final class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(LoginServlet.class);
    /** Holds the token of the form until there is a session. */
    private static final String FORM_COOKIE = "fieldhouse-form";

    /** A page of the console; not its root, which leads to any page while ours is not there yet. */
    private static final String SAFE_NEXT = Access.CONSOLE + "/[\\w./?=&%+-]+";

    private static final int UNPROCESSABLE = 422; // RFC 9110 section 15.5.21

    private final transient Access access;
    private final transient Audit audit;

    @Activate
    public LoginServlet(@Reference Access access, @Reference Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean style = "/style.css".equals(request.getPathInfo());
        Gate.headers(response, Gate.STRICT_POLICY, style);
        Optional<Gate.Refusal> refusal = Gate.refusal(request);
        if (refusal.isPresent()) {
            refusal.get().answer(response);
        } else if (style) {
            style(response);
        } else if (request.getMethod().equals("POST")) {
            post(request, response);
        } else if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            boolean out = "out".equals(request.getQueryString());
            page(request, response, Form.of(request, access), out ? "You are logged out." : "", false);
        } else {
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        }
    }

    private enum Form {
        SET_UP("Make the administrator"),
        LOG_IN("Log in"),
        CHANGE("Change the password");

        private final String title;

        Form(String title) {
            this.title = title;
        }

        static Form of(HttpServletRequest request, Access access) {
            return access.isOpen() ? SET_UP : "/password".equals(request.getPathInfo()) ? CHANGE : LOG_IN;
        }
    }

    private void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Form form = Form.of(request, access);
        String token = Access.cookie(request, FORM_COOKIE).orElse("");
        if (token.isEmpty() || !Secrets.same(token, parameter(request, "token"))) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            page(request, response, form, "This form is too old, or cookies are off: try again.", true);
            return;
        }
        String address = request.getRemoteAddr();
        String user = parameter(request, "user").strip();
        Attempt attempt;
        try {
            attempt = attempt(form, request, address, user);
        } catch (IOException e) {
            LOG.error("The web console's administrator cannot be read or written", e);
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            page(request, response, form, String.valueOf(e.getMessage()), true);
            return;
        }
        String action = "console." + form.name().toLowerCase(Locale.ROOT).replace("_", "");
        if (attempt instanceof Attempt.In in) {
            audit.record(user, action, user, "from " + address);
            access.enter(in.session(), request, response);
            String next = parameter(request, "next");
            response.sendRedirect(next.matches(SAFE_NEXT) ? next : Access.CONSOLE + "/devices");
            return;
        }
        Attempt.Out out = (Attempt.Out) attempt;
        if (out.after().isZero()) {
            response.setStatus(UNPROCESSABLE);
            // The name is not kept: people type their password there.
            audit.record("", action + ".failed", "console", "from " + address + ": " + out.message());
        } else {
            response.setStatus(429); // Too Many Requests, RFC 6585 section 4
            response.setHeader("Retry-After", Long.toString(out.after().toSeconds() + 1));
        }
        page(request, response, form, out.message(), true);
    }

    private Attempt attempt(Form form, HttpServletRequest request, String address, String user) throws IOException {
        String password = parameter(request, "password");
        String again = parameter(request, "again");
        return switch (form) {
            case SET_UP -> access.setUp(address, parameter(request, "code"), user, password, again);
            case LOG_IN -> access.logIn(address, user, password);
            case CHANGE -> access.changePassword(address, user, parameter(request, "old"), password, again);
        };
    }

    private static String parameter(HttpServletRequest request, String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "");
    }

    private void page(
            HttpServletRequest request, HttpServletResponse response, Form form, String message, boolean wrong)
            throws IOException {
        String token = Secrets.token();
        response.addCookie(Access.cookie(FORM_COOKIE, token, Access.LOGIN));
        response.setContentType("text/html");
        response.setCharacterEncoding("utf-8");
        Html said = message.isEmpty()
                ? Html.NONE
                : Html.of("<p class=\"{}\" role=\"alert\">{}</p>", wrong ? "wrong" : "said", message);
        Html shown = Html.of(
                """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>{} – Fieldhouse</title><link rel="stylesheet" href="/login/style.css">
                <link rel="icon" href="data:,"></head>
                <body><main>
                <h1>Fieldhouse</h1>
                <h2>{}</h2>
                {}
                <form method="post" action="{}">
                <input type="hidden" name="token" value="{}"><input type="hidden" name="next" value="{}">
                {}
                <button type="submit">{}</button>
                </form>
                {}
                </main></body></html>
                """,
                form.title,
                form.title,
                said,
                form == Form.CHANGE ? "/login/password" : "/login",
                token,
                parameter(request, "next"),
                fields(form, parameter(request, "user")),
                form.title,
                below(form));
        response.getWriter().print(shown);
    }

    private static Html fields(Form form, String user) {
        Html name = Html.of(
                "<label>User name <input name=\"user\" value=\"{}\" autocomplete=\"username\" required{}></label>",
                user,
                form == Form.SET_UP ? Html.NONE : Html.of(" autofocus"));
        return switch (form) {
            case SET_UP ->
                Html.of(
                        "<p>Nobody is administrator of this house yet. When it started, the house printed a one-time code on its"
                                + " terminal, or in the journal of its service.</p>{}{}{}{}",
                        Html.of("<label>One-time code <input name=\"code\" autocomplete=\"off\" spellcheck=\"false\""
                                + " placeholder=\"XXXX-XXXX-XXXX-XXXX\" required autofocus></label>"),
                        name,
                        password("password", "Password, 12 characters or more", "new-password"),
                        password("again", "The same password again", "new-password"));
            case LOG_IN -> Html.of("{}{}", name, password("password", "Password", "current-password"));
            case CHANGE ->
                Html.of(
                        "{}{}{}{}",
                        name,
                        password("old", "Old password", "current-password"),
                        password("password", "New password, 12 characters or more", "new-password"),
                        password("again", "The new password again", "new-password"));
        };
    }

    private static Html password(String name, String label, String kind) {
        return Html.of(
                "<label>{} <input type=\"password\" name=\"{}\" autocomplete=\"{}\" maxlength=\"{}\" required></label>",
                label,
                name,
                kind,
                Administrators.LONGEST_PASSWORD);
    }

    private static Html below(Form form) {
        return switch (form) {
            case SET_UP -> Html.NONE;
            case LOG_IN -> Html.of("<p class=\"below\"><a href=\"/login/password\">Change the password</a></p>");
            case CHANGE -> Html.of("<p class=\"below\"><a href=\"/login\">Log in</a></p>");
        };
    }

    private static void style(HttpServletResponse response) throws IOException {
        response.setContentType("text/css");
        try (InputStream css = LoginServlet.class.getResourceAsStream("/login/style.css")) {
            Objects.requireNonNull(css).transferTo(response.getOutputStream());
        }
    }
}
