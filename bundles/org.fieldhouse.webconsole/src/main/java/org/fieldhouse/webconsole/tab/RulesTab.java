package org.fieldhouse.webconsole.tab;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.rules.TestReport;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.webconsole.login.Audit;
import org.fieldhouse.webconsole.login.Session;
import org.fieldhouse.webconsole.login.Session.Notice;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Rules: files and what the check says of them, declarations and what they wait for, tests, and why something is as it is. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=rules",
            "felix.webconsole.title=Rules",
            Tab.CATEGORY,
            Tab.CSS + "=/devices/res/fieldhouse.css"
        })
public final class RulesTab extends Tab {
    private static final long serialVersionUID = 1L;
    private static final String RULES = ".rules";

    private final transient @Nullable RuleBook present;
    private final transient House house;
    private final transient Journal journal;
    private final transient ConfigurationDirectory directory;
    private transient volatile @Nullable Tested tested;

    private record Tested(Instant time, long generation, TestReport report) {}

    @Activate
    public RulesTab(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RuleBook book,
            @Reference House house,
            @Reference Journal journal,
            @Reference ConfigurationDirectory directory,
            @Reference Audit audit) {
        super("rules", audit);
        present = book;
        this.house = house;
        this.journal = journal;
        this.directory = directory;
    }

    @Override
    Html page(HttpServletRequest request, HttpServletResponse response, String path) throws Refused {
        return switch (path) {
            case "/file" -> file(parameter(request, "path"));
            case "/why" -> why(request);
            case "/whynot" -> whyNot(request);
            default -> overview(request);
        };
    }

    /** A house may be run without rules. */
    private RuleBook book() throws Refused {
        RuleBook book = present;
        if (book == null) {
            throw new Refused("This house runs without rules: install the feature “rules”.");
        }
        return book;
    }

    // ---- the overview

    private Html overview(HttpServletRequest request) throws Refused {
        List<RuleInfo> rules = book().rules();
        List<RuleInfo> waiting =
                rules.stream().filter(rule -> rule.waiting() > 0).toList();
        return Html.of(
                """
                <h2>Check of the files</h2>
                {}
                {}
                <h2>Declarations in force</h2>
                <table class="fh-table">{}<tbody id="rules" data-live>{}</tbody></table>
                <h2>Waiting now</h2>
                <div id="waiting" data-live>{}</div>
                <h2>Ask</h2>
                {}{}
                <h2 id="tests">Tests</h2>
                {}<button>Run the tests</button></form>
                {}
                """,
                files(),
                problems(problems()),
                head("Kind", "Name", "Where", "Runs", "Last run", "Waiting", "Now"),
                rules.isEmpty()
                        ? Html.of("<tr><td colspan=\"7\">No rule is in force: write rules/*.rules.</td></tr>")
                        : Html.join(rules.stream().map(this::row)),
                waiting.isEmpty()
                        ? Html.of("<p>No rule waits.</p>")
                        : Html.of(
                                "<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                                head("Rule", "Instances", "For what, until when"),
                                Html.join(waiting.stream()
                                        .map(rule -> Html.of(
                                                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                                                rule.name(),
                                                rule.waiting(),
                                                rule.detail())))),
                whyForm(""),
                whyNotForm(rules, "", ""),
                form(request, "/test", Html.of("class=\"fh-inline\"")),
                tests());
    }

    private Html row(RuleInfo rule) {
        Optional<Event> last = rule.lastSequence() == 0 ? Optional.empty() : journal.event(rule.lastSequence());
        return Html.of(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"fh-number\">{}</td><td>{}</td><td class=\"fh-number\">{}</td><td>{}</td></tr>",
                rule.kind(),
                rule.name(),
                place(rule.place()),
                rule.runs(),
                last.map(event -> Words.moment(event.time())).orElse(rule.runs() == 0 ? "never" : ""),
                rule.waiting() == 0 ? "" : rule.waiting(),
                rule.detail());
    }

    private List<Problem> problems() {
        return directory.problems().stream()
                .filter(problem -> problem.place().file().endsWith(RULES))
                .toList();
    }

    private Html files() {
        List<Problem> problems = problems();
        Html rows = Html.join(directory.files().stream()
                .filter(file -> file.path().endsWith(RULES))
                .map(file -> {
                    List<Problem> own = problems.stream()
                            .filter(problem -> problem.place().file().equals(file.path()))
                            .toList();
                    long errors = own.stream().filter(Problem::isError).count();
                    return Html.of(
                            "<tr><td>{}</td><td class=\"fh-number\">{}</td><td>{}</td></tr>",
                            place(SourceSpan.file(file.path())),
                            file.text().lines().count(),
                            own.isEmpty()
                                    ? Html.of("<span class=\"fh-status fh-passed\">no remarks</span>")
                                    : Html.of(
                                            "<span class=\"fh-status fh-{}\">errors: {}, warnings: {}</span>",
                                            errors > 0 ? "error" : "warning",
                                            errors,
                                            own.size() - errors));
                }));
        return rows.isEmpty()
                ? Html.of("<p>No rule file is in force: write rules/*.rules.</p>")
                : Html.of(
                        "<table class=\"fh-table\">{}<tbody>{}</tbody></table>", head("File", "Lines", "Check"), rows);
    }

    private static Html problems(List<Problem> problems) {
        if (problems.isEmpty()) {
            return Html.NONE;
        }
        Html refused = problems.stream().anyMatch(Problem::isError)
                ? Html.of(
                        "<p class=\"fh-bad\">There is an error in what was saved last: the rules before it stay in force.</p>")
                : Html.NONE;
        return Html.of(
                "{}<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                refused,
                head("", "Where", "Code", "What is wrong, and what to do"),
                Html.join(problems.stream()
                        .map(problem -> Html.of(
                                "<tr><td><span class=\"fh-status fh-{}\">{}</span></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                                Words.word(problem.severity()),
                                Words.word(problem.severity()),
                                place(problem.place()),
                                problem.code(),
                                problem.message()))));
    }

    private static Html place(SourceSpan place) {
        return Html.of(
                "<a href=\"{}rules/file?path={}{}\">{}</a>",
                ROOT,
                url(place.file()),
                place.line() == 0 ? "" : "#L" + place.line(),
                place);
    }

    // ---- one file

    /** A file with errors is shown as it was saved, so that the places fit it; else as it is in force. */
    private Html file(String path) throws Refused {
        List<Problem> own = problems().stream()
                .filter(problem -> problem.place().file().equals(path))
                .toList();
        boolean refused = own.stream().anyMatch(Problem::isError);
        List<String> lines = (refused ? saved(path) : inForce(path)).lines().toList();
        Stream.Builder<Html> rows = Stream.builder();
        for (int i = 1; i <= lines.size(); i++) {
            rows.add(line(i, lines.get(i - 1), own));
        }
        return Html.of(
                """
                <p><a href="{}rules">All rules</a></p>
                <h2>{}</h2>
                <p class="fh-note">{}, generation {}. Edit the file itself; it is checked when it is saved.</p>
                {}
                <div class="fh-source"><table><tbody>{}</tbody></table></div>
                """,
                ROOT,
                path,
                refused ? "As it was saved last. In force is what was there before" : "As it is in force",
                directory.generation(),
                problems(own),
                Html.join(rows.build()));
    }

    private String inForce(String path) throws Refused {
        return directory.files().stream()
                .filter(each -> each.path().equals(path) && path.endsWith(RULES))
                .findFirst()
                .orElseThrow(() -> new Refused("There is no rule file " + path + " in force."))
                .text();
    }

    /** @param path of a file that has a problem, so it is one of the directory */
    private String saved(String path) throws Refused {
        try {
            return Files.readString(directory.root().resolve(path));
        } catch (IOException e) {
            throw new Refused(path + " cannot be read: " + e.getMessage());
        }
    }

    private static Html line(int number, String text, List<Problem> problems) {
        Optional<Problem> at = problems.stream()
                .filter(problem -> problem.place().line() == number)
                .findFirst();
        return Html.of(
                "<tr id=\"L{}\" class=\"{}\"><td>{}</td><td>{}</td></tr>",
                number,
                at.map(problem -> "fh-at-" + Words.word(problem.severity())).orElse(""),
                number,
                text);
    }

    // ---- why

    private static Html whyForm(String what) {
        return Html.of(
                "<form method=\"get\" action=\"{}rules/why\" class=\"fh-block\"><label>Why is (point, device, or number of a"
                        + " command)<br><input name=\"what\" size=\"32\" value=\"{}\" placeholder=\"Hall.Light.onoff\" required>"
                        + "</label><button>Why?</button></form>",
                ROOT,
                what);
    }

    private Html whyNotForm(List<RuleInfo> rules, String rule, String time) {
        return Html.of(
                "<form method=\"get\" action=\"{}rules/whynot\" class=\"fh-block\"><label>Why did this rule not run<br>"
                        + "<select name=\"rule\">{}</select></label><label>at (empty: now)<br>"
                        + "<input type=\"datetime-local\" name=\"time\" step=\"1\" value=\"{}\"></label><button>Why not?</button></form>",
                ROOT,
                Html.join(rules.stream()
                        .map(RuleInfo::name)
                        .distinct()
                        .map(name -> Html.of(
                                "<option{}>{}</option>", name.equals(rule) ? Html.of(" selected") : Html.NONE, name))),
                time);
    }

    private Html why(HttpServletRequest request) throws Refused {
        String what = parameter(request, "what");
        Explanation reasons;
        if (what.matches("\\d{1,18}")) {
            reasons = book().why(Long.parseLong(what));
        } else {
            PointId point =
                    what.isEmpty() ? point(parameter(request, "device"), parameter(request, "point")) : point(what);
            what = what.isEmpty() ? name(point) : what;
            reasons = book().why(point);
        }
        return Html.of(
                "<p><a href=\"{}rules\">All rules</a></p><h2>Why {}?</h2>{}{}",
                ROOT,
                what,
                Html.of("<ul class=\"fh-because\">{}</ul>", tree(reasons)),
                whyForm(what));
    }

    private static PointId point(String device, String point) throws Refused {
        try {
            return new PointId(new DeviceId(device), point);
        } catch (IllegalArgumentException e) {
            throw new Refused("That is no device: " + e.getMessage());
        }
    }

    /** {@code Hall.Light}, {@code Hall.Light.onoff}, with or without back-quotes. */
    private PointId point(String typed) throws Refused {
        String name = typed.replace("`", "");
        Optional<DeviceInfo> whole = house.named(name);
        int dot = name.lastIndexOf('.');
        if (whole.isPresent()) {
            String main = whole.get().description().mainPoint();
            if (main == null) {
                throw new Refused(name + " has no main point; name one of its points.");
            }
            return new PointId(whole.get().id(), main);
        }
        DeviceInfo device = house.named(dot < 0 ? name : name.substring(0, dot))
                .orElseThrow(
                        () -> new Refused("There is no device " + name + "; write Hall.Light or Hall.Light.onoff."));
        String point = name.substring(dot + 1);
        if (device.description().point(point).isEmpty()) {
            throw new Refused(device.name() + " has no point " + point + ".");
        }
        return new PointId(device.id(), point);
    }

    private String name(PointId point) {
        return house.model()
                        .device(point.device())
                        .map(DeviceInfo::name)
                        .orElse(point.device().value())
                + '.'
                + point.point();
    }

    private Html whyNot(HttpServletRequest request) throws Refused {
        String rule = parameter(request, "rule");
        String typed = parameter(request, "time");
        List<RuleInfo> rules = book().rules();
        if (rules.stream().noneMatch(each -> each.name().equals(rule))) {
            throw new Refused("There is no rule \"" + rule + "\".");
        }
        Instant time;
        try {
            time = typed.isEmpty()
                    ? Instant.now()
                    : LocalDateTime.parse(typed).atZone(book().zone()).toInstant();
        } catch (DateTimeException e) {
            throw new Refused("'" + typed + "' is no time; write 2026-11-21T18:05.");
        }
        return Html.of(
                "<p><a href=\"{}rules\">All rules</a></p><h2>Why did “{}” not run at {}?</h2><ul class=\"fh-because\">{}</ul>{}",
                ROOT,
                rule,
                Words.moment(time, book().zone()),
                tree(book().whyNot(rule, time)),
                whyNotForm(rules, rule, typed));
    }

    private static Html tree(Explanation explanation) {
        return Html.of(
                "<li>{}{}</li>",
                explanation.text(),
                explanation.because().isEmpty()
                        ? Html.NONE
                        : Html.of(
                                "<ul class=\"fh-because\">{}</ul>",
                                Html.join(explanation.because().stream().map(RulesTab::tree))));
    }

    // ---- tests

    private Html tests() {
        Tested last = tested;
        if (last == null) {
            return Html.of(
                    "<p class=\"fh-note\">In virtual time and beside what runs: no device is told anything.</p>");
        }
        return Html.of(
                "<p>{} of {} passed, at {}, generation {}. {} of {} parts of the declarations were reached.</p>"
                        + "<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                last.report.outcomes().stream()
                        .filter(TestReport.Outcome::passed)
                        .count(),
                last.report.outcomes().size(),
                Words.moment(last.time),
                last.generation,
                last.report.reached().size() - last.report.missed().size(),
                last.report.reached().size(),
                head("", "Test", "Where", "What was otherwise"),
                Html.join(last.report.outcomes().stream()
                        .map(outcome -> Html.of(
                                "<tr><td><span class=\"fh-status fh-{}\">{}</span></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                                outcome.passed() ? "passed" : "failed",
                                outcome.passed() ? "passed" : "failed",
                                outcome.name(),
                                place(outcome.place()),
                                Html.join(outcome.failures().stream().map(failure -> Html.of("{}<br>", failure)))))));
    }

    @Override
    String act(HttpServletRequest request, Session session, String path) throws Refused {
        if (!path.equals("/test")) {
            throw new Refused("There is no such form.");
        }
        TestReport report = book().test();
        tested = new Tested(Instant.now(), directory.generation(), report);
        long failed = report.outcomes().stream().filter(each -> !each.passed()).count();
        session.say(new Notice(
                failed == 0,
                report.outcomes().isEmpty()
                        ? "The rule files have no tests."
                        : (report.outcomes().size() - failed) + " of "
                                + report.outcomes().size() + " tests passed; see below.",
                ""));
        return "";
    }
}
