package org.fieldhouse.webconsole.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log-in as a browser meets it; the clock is the test's. */
class LoginTest {
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong(17);
    private final List<String> audited = new ArrayList<>();
    private final Browser browser = new Browser();
    private Access access;
    private LoginServlet login;
    private ConsoleSecurity console;

    private final class Bus implements EventBus {
        @Override
        public CompletionStage<Event> publish(Fact fact, Cue cue) {
            Fact.AuditRecorded audit = (Fact.AuditRecorded) fact;
            audited.add(cue.actor() + " " + audit.action() + " " + audit.subject() + " " + audit.detail());
            return CompletableFuture.completedFuture(new Event(1, 1, Cause.RUNTIME, fact));
        }

        @Override
        public Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Subscription follow(String name, long fromSequence, EventHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long lastSequence() {
            return 0;
        }
    }

    @BeforeEach
    void start() {
        access = new Access(folder.resolve("webconsole"), nanos::get);
        Audit audit = new Audit(new Bus());
        login = new LoginServlet(access, audit);
        console = new ConsoleSecurity(access, audit);
        browser.fromOurPage();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void get(String path) throws IOException {
        login.service(browser.request("GET", path, Map.of()), browser.response());
    }

    private void post(String path, String... fields) throws IOException {
        get(path);
        Map<String, String> parameters = new HashMap<>(Map.of("token", browser.token()));
        for (int i = 0; i < fields.length; i += 2) {
            parameters.put(fields[i], fields[i + 1]);
        }
        login.service(browser.request("POST", path, parameters), browser.response());
    }

    private void setUp(String code) throws IOException {
        post("/login", "code", code, "user", "anna", "password", PASSWORD, "again", PASSWORD);
    }

    private void makeAdministrator() throws IOException {
        setUp(Objects.requireNonNull(access.code()));
        assertThat(browser.location).isEqualTo("/system/console/devices");
    }

    private boolean isIn(String method, String path, Map<String, String> parameters) {
        return console.authenticate(browser.request(method, path, parameters), browser.response()) != null;
    }

    private boolean isIn() {
        return isIn("GET", "/bundles", Map.of());
    }

    @Test
    void theFirstVisitorMakesTheAdministratorWithTheCodeAndOnlyOnce() throws IOException {
        assertThat(isIn()).isFalse();
        assertThat(browser.location).startsWith("/login?next=");
        setUp("0000-0000-0000-0000");
        assertThat(browser.status).isEqualTo(422);
        assertThat(browser.body).contains("not the one-time code");
        String code = Objects.requireNonNull(access.code());
        post("/login", "code", code, "user", "anna", "password", "short", "again", "short");
        assertThat(browser.body).contains("12 to 128 characters");
        setUp(" " + code.toLowerCase(Locale.ROOT).replace("-", " "));
        assertThat(isIn()).isTrue();
        Path file = folder.resolve("webconsole/administrator");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file))
                .contains("anna pbkdf2-hmac-sha256 600000 ")
                .doesNotContain(PASSWORD);
        assertThat(audited).anyMatch(a -> a.startsWith("anna console.setup anna"));
        assertThat(new Access(folder.resolve("webconsole"), nanos::get).code()).isNull();
        assertThat(access.setUp("::1", code, "eve", PASSWORD, PASSWORD)).isInstanceOf(Access.Attempt.Out.class);
    }

    @Test
    void aDamagedFileOpensNoDoor() throws IOException {
        makeAdministrator();
        Files.writeString(folder.resolve("webconsole/administrator"), "anna");
        Access again = new Access(folder.resolve("webconsole"), nanos::get);
        assertThat(again.code()).isNull();
        assertThatThrownBy(() -> again.logIn("127.0.0.1", "anna", PASSWORD)).hasMessageContaining("delete it");
    }

    @Test
    void aSessionHasANewIdAtEachLogInAndEndsWithTheLogOut() throws IOException {
        makeAdministrator();
        Cookie cookie = browser.set.stream()
                .filter(c -> c.getName().equals("fieldhouse-session-8484"))
                .findFirst()
                .orElseThrow();
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getAttribute("SameSite")).isEqualTo("Strict");
        assertThat(cookie.getPath()).isEqualTo("/system/console");
        String first = cookie.getValue();
        post("/login", "user", "anna", "password", PASSWORD, "next", "/system/console/rules");
        assertThat(browser.location).isEqualTo("/system/console/rules");
        String second = browser.cookies.get("fieldhouse-session-8484");
        assertThat(second).isNotEqualTo(first);
        console.logout(browser.request("GET", "/logout", Map.of()), browser.response());
        browser.cookies.put("fieldhouse-session-8484", second);
        assertThat(isIn()).isFalse();
    }

    @Test
    void aSessionEndsWhenItIsIdleAndAfterHalfADay() throws IOException {
        makeAdministrator();
        browser.headers.put("X-Fieldhouse-Refresh", "1");
        pass(Sessions.IDLE.dividedBy(2));
        assertThat(isIn()).isTrue();
        pass(Sessions.IDLE.dividedBy(2).plusSeconds(1));
        assertThat(isIn()).as("a page that refreshes itself keeps nobody in").isFalse();
        browser.headers.remove("X-Fieldhouse-Refresh");
        post("/login", "user", "anna", "password", PASSWORD);
        for (Duration used = Duration.ZERO; used.compareTo(Sessions.LONGEST) < 0; used = used.plusMinutes(20)) {
            assertThat(isIn()).isTrue();
            pass(Duration.ofMinutes(20));
        }
        pass(Duration.ofMinutes(1));
        assertThat(isIn()).isFalse();
    }

    @Test
    void guessingTakesLongerWithEachFailureAndTheRightPasswordHasToWaitToo() throws IOException {
        makeAdministrator();
        for (int i = 0; i < AttemptLimit.FREE; i++) {
            post("/login", "user", i % 2 == 0 ? "anna" : "bert", "password", "wrong wrong wrong");
            assertThat(browser.status).isEqualTo(422);
            assertThat(browser.body).contains("User name or password is wrong.");
        }
        post("/login", "user", "anna", "password", PASSWORD);
        assertThat(browser.status).isEqualTo(429);
        assertThat(browser.answered).containsEntry("Retry-After", "2");
        assertThat(browser.body).contains("try again in");
        pass(Duration.ofSeconds(1));
        post("/login", "user", "anna", "password", PASSWORD);
        assertThat(browser.location).isNotEmpty();
        assertThat(audited).filteredOn(a -> a.contains("console.login.failed")).hasSize(AttemptLimit.FREE);
        assertThat(audited).noneMatch(a -> a.contains("bert") || a.contains("wrong wrong"));
    }

    @Test
    void aFormWithoutItsTokenIsRefusedAndCostsNoAttempt() throws IOException {
        makeAdministrator();
        for (int i = 0; i < 2 * AttemptLimit.FREE; i++) {
            get("/login");
            Map<String, String> fields = Map.of("token", "guessed", "user", "anna", "password", PASSWORD);
            login.service(browser.request("POST", "/login", fields), browser.response());
            assertThat(browser.status).isEqualTo(403);
        }
        post("/login", "user", "anna", "password", PASSWORD);
        assertThat(browser.location).isNotEmpty();
    }

    @Test
    void anotherSiteCanMakeTheBrowserChangeNothing() throws IOException {
        makeAdministrator();
        assertThat(isIn("POST", "/bundles/5", Map.of("action", "stop"))).isTrue();
        assertThat(audited).contains("anna console.request POST /bundles/5 action=stop");
        browser.headers.put("Sec-Fetch-Site", "cross-site");
        assertThat(isIn("POST", "/bundles/5", Map.of("action", "stop"))).isFalse();
        assertThat(browser.status).isEqualTo(403);
        browser.headers.remove("Sec-Fetch-Site");
        browser.headers.put("Origin", "http://127.0.0.1:9999");
        assertThat(isIn("POST", "/bundles/5", Map.of())).isFalse();
        browser.headers.remove("Origin");
        assertThat(isIn("POST", "/bundles/5", Map.of()))
                .as("no word is no proof")
                .isFalse();
        assertThat(isIn("DELETE", "/bundles/5", Map.of())).isFalse();
        assertThat(isIn("TRACE", "/bundles", Map.of())).isFalse();
        assertThat(isIn()).isTrue();
    }

    @Test
    void anotherNameThatPointsHereIsNotAnswered() throws IOException {
        makeAdministrator();
        browser.headers.put("Host", "house.example:8484");
        assertThat(isIn()).isFalse();
        assertThat(browser.status).isEqualTo(421);
        get("/login");
        assertThat(browser.status).isEqualTo(421);
        browser.headers.put("Host", "localhost:9000");
        assertThat(isIn()).as("through a tunnel").isTrue();
        browser.address = "192.0.2.7";
        assertThat(isIn()).isFalse();
        assertThat(browser.status).isEqualTo(403);
    }

    @Test
    void aNewPasswordEndsEverySession() throws IOException {
        makeAdministrator();
        String before = browser.cookies.get("fieldhouse-session-8484");
        String next = "another horse battery";
        post("/login/password", "user", "anna", "old", PASSWORD, "password", next, "again", next);
        assertThat(isIn()).isTrue();
        browser.cookies.put("fieldhouse-session-8484", before);
        assertThat(isIn()).isFalse();
        post("/login", "user", "anna", "password", PASSWORD);
        assertThat(browser.status).isEqualTo(422);
    }

    @Test
    void nothingElseIsNextThanThisConsole() throws IOException {
        makeAdministrator();
        for (String next : List.of(
                "//evil.example/",
                "https://evil.example/system/console/",
                "/system/console/\\evil",
                "/system/console/")) {
            post("/login", "user", "anna", "password", PASSWORD, "next", next);
            assertThat(browser.location).isEqualTo("/system/console/devices");
        }
    }

    @Test
    void thePageSaysWhatTheBrowserMayDo() throws IOException {
        get("/login");
        assertThat(browser.answered)
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Frame-Options", "DENY")
                .hasEntrySatisfying("Content-Security-Policy", csp -> assertThat(csp)
                        .contains("frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
    }
}
