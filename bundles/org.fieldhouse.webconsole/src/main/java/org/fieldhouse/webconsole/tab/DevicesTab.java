package org.fieldhouse.webconsole.tab;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.history.History;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.webconsole.login.Audit;
import org.fieldhouse.webconsole.login.Session;
import org.fieldhouse.webconsole.login.Session.Notice;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Devices: how they are, what they can be told, and what discovery found. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=devices",
            "felix.webconsole.title=Devices",
            Tab.CATEGORY,
            Tab.CSS + "=/devices/res/fieldhouse.css"
        })
public final class DevicesTab extends Tab {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 200;

    private final transient House house;
    private final transient ConfigurationDirectory directory;
    private final transient DevicePage one;
    private final transient Commands commands;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    transient volatile @Nullable History history;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    transient volatile @Nullable RuleBook book;

    @Activate
    public DevicesTab(
            @Reference House house,
            @Reference CommandRouter router,
            @Reference ConfigurationDirectory directory,
            @Reference Audit audit) {
        super("devices", audit);
        this.house = house;
        this.directory = directory;
        one = new DevicePage(house, this);
        commands = new Commands(router);
    }

    @Override
    Html page(HttpServletRequest request, HttpServletResponse response, String path) throws Refused {
        return switch (path) {
            case "/one" -> one.page(request, device(parameter(request, "id")), history != null);
            case "/history" -> history(request);
            default -> list(request);
        };
    }

    private Html history(HttpServletRequest request) throws Refused {
        History present = history;
        if (present == null) {
            throw new Refused("Nothing keeps what points were: install the feature history.");
        }
        RuleBook rules = book;
        return HistoryPage.page(
                present,
                device(parameter(request, "id")),
                parameter(request, "point"),
                parameter(request, "range"),
                Instant.now(),
                rules == null ? ZoneId.systemDefault() : rules.zone());
    }

    DeviceInfo device(String id) throws Refused {
        try {
            return house.model()
                    .device(new DeviceId(id))
                    .orElseThrow(() -> new Refused("There is no device " + id + " any more."));
        } catch (IllegalArgumentException e) {
            throw new Refused("That is no device: " + e.getMessage());
        }
    }

    private Html list(HttpServletRequest request) {
        String wanted = parameter(request, "q");
        String small = wanted.toLowerCase(Locale.ROOT);
        List<DeviceInfo> all = house.model().devices().stream()
                .filter(d -> (d.name()
                                + ' '
                                + d.area()
                                + ' '
                                + d.binding()
                                + ' '
                                + Words.word(d.status().condition()))
                        .toLowerCase(Locale.ROOT)
                        .contains(small))
                .sorted(Comparator.comparing(DeviceInfo::name))
                .toList();
        Html rows = all.isEmpty()
                ? Html.of(
                        "<tr><td colspan=\"7\">{}</td></tr>",
                        wanted.isEmpty()
                                ? "There are no devices yet: write devices/*.yaml, or accept a candidate below."
                                : "No device is like that.")
                : Html.join(all.stream().limit(SHOWN).map(one::row));
        Html more = all.size() <= SHOWN
                ? Html.NONE
                : Html.of("<p>The first {} of {}; search for the others.</p>", SHOWN, all.size());
        return Html.of(
                """
                <h2>Devices</h2>
                <form method="get" class="fh-search"><label>Name, area, binding or status <input name="q" value="{}"></label>
                <button>Search</button></form>
                <table class="fh-table">{}<tbody id="devices" data-live>{}</tbody></table>{}
                <h2>Candidates</h2>
                {}{}
                """,
                wanted,
                head("Device", "Area", "Status", "Main point", "Quality", "Age", "Binding"),
                rows,
                more,
                candidates(request),
                Html.join(house.searches().stream().map(line -> Html.of("<p>Looked for: {}</p>", line))));
    }

    private Html candidates(HttpServletRequest request) {
        List<Candidate> found = house.candidates();
        if (found.isEmpty()) {
            return Html.of("<p>Discovery found nothing that is not in the house.</p>");
        }
        return Html.of(
                "<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                head("What was found", "Binding", "Id", "Accept as"),
                Html.join(found.stream()
                        .map(c -> Html.of(
                                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}{}<input name=\"name\" value=\"{}\""
                                        + " aria-label=\"name\" required> <button>Accept</button></form></td></tr>",
                                c.adoptAll() ? c.title() + ", with all that it finds" : c.title(),
                                c.binding(),
                                c.id(),
                                form(request, "/accept", Html.of("class=\"fh-inline\"")),
                                hidden("id", c.id().value()),
                                c.suggestedName()))));
    }

    @Override
    String act(HttpServletRequest request, Session session, String path) throws Refused {
        if (path.equals("/accept")) {
            return accept(request, session);
        }
        DeviceInfo device = device(parameter(request, "id"));
        Commands.Ended ended =
                switch (path) {
                    case "/set" -> commands.set(device, request, session);
                    case "/release" -> commands.release(device, request, session);
                    case "/do" -> commands.call(device, request, session);
                    default -> throw new Refused("There is no such form.");
                };
        record(session, "command", Names.quoted(device.name()), ended.text());
        session.say(new Notice(ended.good(), ended.text(), ROOT + "rules/why?what=" + ended.command()));
        return "/one?id=" + url(device.id().value());
    }

    private String accept(HttpServletRequest request, Session session) throws Refused {
        String id = parameter(request, "id");
        String name = parameter(request, "name");
        Candidate candidate = house.candidates().stream()
                .filter(c -> c.id().value().equals(id))
                .findFirst()
                .orElseThrow(() -> new Refused("That candidate is not there any more."));
        if (!Names.isDeviceName(name)) {
            throw new Refused("A device's name has 1 to 128 characters and no back-quotes.");
        }
        List<Problem> problems = directory.accept(candidate.id(), name, Cue.user(session.user()));
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new Refused("Not accepted: "
                    + problems.stream()
                            .filter(Problem::isError)
                            .map(Problem::toString)
                            .collect(Collectors.joining("; ")));
        }
        record(session, "accept", id, "as " + name);
        session.say(new Notice(
                true,
                Names.quoted(name)
                        + (candidate.adoptAll()
                                ? " is in the house, and takes in what it finds."
                                : " is in the house."),
                ""));
        return "";
    }
}
