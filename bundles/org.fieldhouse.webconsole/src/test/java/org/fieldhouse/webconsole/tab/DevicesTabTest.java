package org.fieldhouse.webconsole.tab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.History;
import org.fieldhouse.api.history.HistoryStatus;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.webconsole.login.Audit;
import org.fieldhouse.webconsole.login.Browser;
import org.fieldhouse.webconsole.login.Session;
import org.junit.jupiter.api.Test;

/** What the forms of the Devices tab ask of the house. */
class DevicesTabTest {
    private static final DeviceId ID = new DeviceId("tank");

    private PriorityArray priorities = PriorityArray.EMPTY;
    private final List<String> asked = new ArrayList<>();
    private final Browser browser = new Browser();
    private final Session session = browser.logIn("anna");
    private List<Problem> problems = List.of();

    private final DeviceInfo device = new DeviceInfo(
            ID,
            "Tank <1>",
            "acme",
            null,
            "${area}",
            Set.of(),
            new DeviceDescription(
                    "tank",
                    List.of(
                            PointSpec.control("level", ValueSpec.quantity(Units.PERCENT, 0, 80)),
                            PointSpec.state("alarm", ValueSpec.ON_OFF)),
                    List.of(new ActionSpec(
                            "dose",
                            List.of(new ArgumentSpec("amount", ValueSpec.quantity(Units.PERCENT, 1, 5), true)),
                            false,
                            "")),
                    List.of(),
                    "level",
                    Map.of()),
            Status.offline("unplugged & gone"));

    private final DevicesTab tab = new DevicesTab(
            fake(House.class),
            (request, cue) -> {
                asked.add(cue.actor() + " " + request);
                return new CommandTicket(
                        7,
                        CompletableFuture.completedFuture(null),
                        CompletableFuture.completedFuture(CommandResult.CONFIRMED));
            },
            fake(ConfigurationDirectory.class),
            new Audit(fake(EventBus.class)));

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> switch (method.getName()) {
                    case "model" -> new HouseModel(List.of(device));
                    case "state" -> State.NONE;
                    case "priorities" -> given[0].equals(new PointId(ID, "level")) ? priorities : PriorityArray.EMPTY;
                    case "candidates" ->
                        List.of(
                                new Candidate(new DeviceId("found"), "acme", "tank", null, "Tank2", "A tank", Map.of()),
                                new Candidate(
                                        new DeviceId("hub"), "acme", "hub", null, "Hub", "A hub", Map.of(), true));
                    case "searches" -> List.of("<Hubs> at 10.0.0.1: connection refused");
                    case "accept" -> {
                        asked.add("accept " + given[0] + " as " + given[1]);
                        yield problems;
                    }
                    case "publish" -> {
                        asked.add("audit " + given[0]);
                        yield CompletableFuture.completedFuture(null);
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    private String get(String path, Map<String, String> parameters) throws IOException {
        tab.renderContent(browser.request("GET", "/devices" + path, parameters), browser.response());
        return browser.body;
    }

    /** @return what the next page says */
    private String post(String path, String... fields) throws IOException {
        Map<String, String> parameters = new HashMap<>(Map.of("token", session.formToken(), "id", ID.value()));
        for (int i = 0; i < fields.length; i += 2) {
            parameters.put(fields[i], fields[i + 1]);
        }
        tab.doPost(browser.request("POST", "/devices" + path, parameters), browser.response());
        Session.Notice notice = session.takeNotice();
        return notice == null ? "" : notice.text();
    }

    @Test
    void whatADeviceSaysIsTextOnThePage() throws IOException {
        assertThat(get("", Map.of()))
                .contains("Tank &lt;1&gt;", "unplugged &amp; gone", "offline", "never reported")
                .doesNotContain("<1>", "${");
        assertThat(get("/one", Map.of("id", "tank"))).contains("0 to 80 %", "on or off, read only", "dose");
        get("/one", Map.of("id", "gone"));
        assertThat(browser.status).isEqualTo(404);
    }

    @Test
    void allThatIsAskedOfAPointIsShownStrongestFirst() throws IOException {
        priorities = new PriorityArray(List.of(
                new PriorityArray.Entry(2, Quantity.of(5, "%"), 0, "rule \"overflow\""),
                new PriorityArray.Entry(8, Quantity.of(40, "%"), 60_000_000, "user anna"),
                new PriorityArray.Entry(9, Quantity.of(50, "%"), 0, "bridge"),
                new PriorityArray.Entry(15, Quantity.of(20, "%"), 0, "rule \"thrift\"")));
        assertThat(get("/one", Map.of("id", "tank")))
                .containsSubsequence(
                        "5 % by rule &#34;overflow&#34; at safety<",
                        "40 % by user anna at manual until ",
                        "50 % by bridge at slot 9<",
                        "20 % by rule &#34;thrift&#34; at economy<");
        post("/set", "point", "level", "value", "40", "hold", "until released");
        post("/set", "point", "level", "value", "40", "hold", "as usual");
        assertThat(asked.get(0)).contains("hold=PT0S");
        assertThat(asked.get(2)).contains("hold=null");
    }

    @Test
    void aValueIsCheckedBeforeItIsSent() throws IOException {
        assertThat(post("/set", "point", "level", "value", "90")).contains("Nothing was sent. level:", "0 to 80 %");
        assertThat(post("/set", "point", "depth", "value", "1")).contains("has no point depth");
        assertThat(post("/do", "action", "dose")).contains("amount is missing: 1 to 5 %");
        assertThat(asked).isEmpty();
        assertThat(post("/set", "point", "level", "value", "40", "hold", "15 min"))
                .startsWith("Command 7 of user anna, `Tank <1>`.level = 40 %: confirmed");
        assertThat(asked.get(0)).startsWith("anna SetPoint").contains("slot=8", "hold=PT15M");
        assertThat(asked.get(1)).startsWith("audit AuditRecorded[action=console.command");
    }

    @Test
    void anActionIsCalledWithItsArguments() throws IOException {
        assertThat(post("/do", "action", "dose", "with.amount", "2"))
                .contains("`Tank <1>`.dose{amount=2 %}: confirmed");
        assertThat(post("/release", "point", "level")).contains("release");
        assertThat(asked).anyMatch(a -> a.startsWith("anna Relinquish") && a.contains("slot=8"));
    }

    @Test
    void aFormOfAnotherSessionDoesNothing() throws IOException {
        post("/set", "token", "another", "point", "level", "value", "40");
        assertThat(browser.status).isEqualTo(403);
        assertThat(asked).isEmpty();
    }

    @Test
    void aCandidateIsAcceptedUnderAName() throws IOException {
        assertThat(get("", Map.of())).contains("A tank", "value=\"Tank2\"");
        assertThat(get("", Map.of()))
                .contains(
                        "<td>A hub, with all that it finds</td>",
                        "<p>Looked for: &lt;Hubs&gt; at 10.0.0.1: connection refused</p>");
        assertThat(post("/accept", "id", "found", "name", "Cellar.Tank")).isEqualTo("Cellar.Tank is in the house.");
        assertThat(asked).first().isEqualTo("accept found as Cellar.Tank");
        assertThat(post("/accept", "id", "hub", "name", "Hub"))
                .isEqualTo("Hub is in the house, and takes in what it finds.");
        problems = List.of(Problem.error("C7", SourceSpan.file("devices/x.yaml"), "there is one"));
        assertThat(post("/accept", "id", "found", "name", "Tank2")).startsWith("Not accepted: devices/x.yaml");
        assertThat(post("/accept", "id", "elsewhere", "name", "Tank2")).contains("not there any more");
    }

    /** Rises from 10 % to 69 %, with a gap. */
    private final class Past implements History {
        @Override
        public void read(PointId point, Instant from, Instant to, Predicate<PastState> reader) {
            for (int i = 0; i < 40; i++) {
                reader.test(new PastState(from.plusSeconds(i), Quantity.of(i, "%"), Quality.GOOD, from));
            }
        }

        @Override
        public Optional<PastState> before(PointId point, Instant time) {
            return Optional.empty();
        }

        @Override
        public List<Aggregate> aggregates(PointId point, List<Instant> edges) {
            List<Aggregate> all = new ArrayList<>();
            for (int i = 0; i < edges.size() - 1; i++) {
                boolean known = i / 20 != 1;
                double mean = known ? 10 + i % 60 : Double.NaN;
                all.add(new Aggregate(
                        edges.get(i), edges.get(i + 1), 1, known ? 1 : 0, mean, mean, mean, Units.PERCENT, null));
            }
            return all;
        }

        @Override
        public HistoryStatus status() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aPointHasAGraphWhileThereIsAHistory() throws IOException {
        assertThat(get("/one", Map.of("id", "tank"))).doesNotContain("devices/history");
        get("/history", Map.of("id", "tank", "point", "level"));
        assertThat(browser.status).isEqualTo(404);
        assertThat(browser.body).contains("install the feature history");
        tab.history = new Past();
        assertThat(get("/one", Map.of("id", "tank"))).contains("devices/history?id=tank&amp;point=level\">History</a>");
        for (String range : List.of("hour", "day", "week", "")) {
            assertThat(get("/history", Map.of("id", "tank", "point", "level", "range", range)))
                    .contains("<svg class=\"fh-graph\"", "72 %", "Last week", "The latest 30 of 40", "Tank &lt;1&gt;")
                    .doesNotContain("NaN", "${");
        }
        assertThat(get("/history", Map.of("id", "tank", "point", "alarm"))).contains(">on</text>", ">off</text>");
        get("/history", Map.of("id", "tank", "point", "<x>"));
        assertThat(browser.body).contains("has no point &lt;x&gt;");
    }

    @Test
    void whereToGoOnIsWithinTheTab() throws IOException {
        post("/set", "from", "//evil.example/", "point", "depth");
        assertThat(browser.location).isEqualTo("/system/console/devices");
        post("/set", "from", "/one?id=tank", "point", "depth");
        assertThat(browser.location).isEqualTo("/system/console/devices/one?id=tank");
    }
}
