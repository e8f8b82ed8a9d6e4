package org.fieldhouse.webconsole.tab;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.feature.GenerationInfo;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.feature.RefusedFile;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.webconsole.login.Audit;
import org.fieldhouse.webconsole.login.Session;
import org.fieldhouse.webconsole.tab.Changes.Planned;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Features: what is installed, what could be, and every change of it, tried dry before it is made. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=features",
            "felix.webconsole.title=Features",
            Tab.CATEGORY,
            Tab.CSS + "=/devices/res/fieldhouse.css"
        })
public final class FeaturesTab extends Tab {
    private static final long serialVersionUID = 1L;
    private static final int FEW = 3;
    /** The file of a generation whose differences are shown as features. */
    private static final String LOCK = "features.lock";

    private static final String ISOLATED = "isolated";
    private static final Html OWN_PROCESS =
            Html.of("<label><input type=\"checkbox\" name=\"" + ISOLATED + "\"> in a process of its own</label>");

    private final transient Features features;
    private final transient Uploads uploads;
    private final transient Changes changes;
    private final transient ChangePage pages;

    @Activate
    public FeaturesTab(BundleContext context, @Reference Features features, @Reference Audit audit) {
        this(
                features,
                audit,
                Path.of(String.valueOf(context.getProperty("fieldhouse.home")), "data/webconsole/uploads"));
    }

    FeaturesTab(Features features, Audit audit, Path folder) {
        super("features", audit);
        this.features = features;
        uploads = new Uploads(folder);
        changes = new Changes(features, uploads);
        pages = new ChangePage(this);
    }

    @Deactivate
    void stop() {
        changes.close();
    }

    @Override
    Html page(HttpServletRequest request, HttpServletResponse response, String path) throws Refused {
        return switch (path) {
            case "/plan" -> pages.plan(request, changes.planned(parameter(request, "id")));
            case "/change" ->
                pages.progress(
                        response,
                        changes.last().orElseThrow(() -> new Refused("No change was made here since the start.")));
            case "/one" -> one(request);
            default -> overview(request);
        };
    }

    private Html overview(HttpServletRequest request) {
        List<FeatureInfo> available = features.available();
        return Html.of(
                """
                {}<h2>Installed</h2>
                <table class="fh-table">{}<tbody>{}</tbody></table>
                <h2>Available</h2>
                {}
                <h2>From elsewhere</h2>
                {}<label>Name, URL, or path on the house's machine<br><input name="what" size="40" required></label>
                <label>Versions<br><input name="versions" size="10" placeholder="[1.2,2)"></label>
                {}
                <button name="change" value="install">Look at it</button></form>
                {}<label>Bundle, feature or archive (.jar, .json, .far)<br><input type="file" name="file" accept=".jar,.json,.far,.zip" required></label>
                <label>Its signature, if it has one (.minisig)<br><input type="file" name="signature" accept=".minisig"></label>
                {}
                <button>Upload and look at it</button></form>
                <p class="fh-note">Nothing is installed before you have seen what it is and what it would change.</p>
                <h2>Generations</h2>
                <p class="fh-note">Bundles, configuration, devices and rules together. To go back makes a new one with the content of the old.</p>
                <table class="fh-table" id="generations">{}<tbody>{}</tbody></table>
                """,
                refused(),
                head("Feature", "Version", "State", "Source", "Requires", "Required by", ""),
                Html.join(features.installed().stream().map(each -> installed(request, each))),
                available.isEmpty()
                        ? Html.of("<p>Everything that the repositories list is installed.</p>")
                        : Html.of(
                                "<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                                head("Feature", "Version", "What it is", "Source", "Requires", ""),
                                Html.join(available.stream().map(each -> available(request, each)))),
                form(request, "/plan", Html.of("class=\"fh-block\"")),
                OWN_PROCESS,
                form(request, "/upload", Html.of("class=\"fh-block\" enctype=\"multipart/form-data\"")),
                OWN_PROCESS,
                head("Generation", "Since", "By", "What changed", ""),
                generations(request));
    }

    /** Nobody who copies a file there sees an answer; this is the place for it, beside the log. */
    private Html refused() {
        List<RefusedFile> files = features.refused();
        return files.isEmpty()
                ? Html.NONE
                : Html.of(
                        """
                        <h2>Refused in deploy/</h2>
                        <table class="fh-table" id="refused">{}<tbody>{}</tbody></table>
                        <p class="fh-note">A file stands here until it is let in, replaced or removed. Everything is as it was before it came.</p>
                        """,
                        head("File", "Tried", "Why"),
                        Html.join(files.stream()
                                .map(file -> Html.of(
                                        "<tr><td>{}</td><td>{}</td><td class=\"fh-bad\">{}</td></tr>",
                                        file.name(),
                                        Words.moment(file.time()),
                                        file.reasons().stream()
                                                .map(Reason::toString)
                                                .collect(Collectors.joining("; "))))));
    }

    private Html installed(HttpServletRequest request, FeatureInfo feature) {
        return Html.of(
                "<tr><td>{}</td><td>{}</td><td>{} {}</td><td class=\"fh-long\">{}</td><td>{}</td><td>{}</td><td>{} {}</td></tr>",
                link(feature),
                feature.version(),
                ChangePage.state(feature),
                feature.isolated().isEmpty() ? "" : "isolated: " + feature.isolated(),
                feature.source(),
                String.join(", ", feature.requires()),
                String.join(", ", feature.requiredBy()),
                button(request, "update", feature.name(), "Update", "fh-plain"),
                feature.requiredBy().isEmpty()
                        ? button(request, "remove", feature.name(), "Remove", "fh-plain")
                        : Html.NONE);
    }

    private static Html link(FeatureInfo feature) {
        return Html.of(
                "<a href=\"{}features/one?name={}\" title=\"{}\">{}</a>",
                ROOT,
                url(feature.name()),
                feature.title(),
                feature.name());
    }

    private Html available(HttpServletRequest request, FeatureInfo feature) {
        return Html.of(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                link(feature),
                feature.version(),
                feature.title(),
                feature.source(),
                String.join(", ", feature.requires()),
                button(request, "install", feature.name(), "Install", ""));
    }

    /** Each leads to the plan first. */
    private Html button(HttpServletRequest request, String change, String what, String title, String look) {
        return Html.of(
                "{}{}<button name=\"change\" value=\"{}\" class=\"{}\">{}…</button></form>",
                form(request, "/plan", Html.of("class=\"fh-inline\"")),
                hidden("what", what),
                change,
                look,
                title);
    }

    private Html generations(HttpServletRequest request) {
        List<GenerationInfo> kept = features.history();
        List<Html> rows = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            GenerationInfo generation = kept.get(i);
            List<String> changes = i + 1 < kept.size() ? changes(kept.get(i + 1), generation) : List.of();
            rows.add(Html.of(
                    "<tr><td class=\"fh-number\">{}</td><td>{}</td><td>{}</td><td title=\"{}\">{}</td><td>{}</td></tr>",
                    generation.number(),
                    Words.moment(generation.time()),
                    generation.author(),
                    String.join("\n", generation.features()),
                    i + 1 < kept.size() ? few(changes) : "the oldest that is kept",
                    i == 0
                            ? "in force"
                            : button(
                                    request,
                                    "rollback",
                                    Long.toString(generation.number()),
                                    "Go back to this",
                                    "fh-plain")));
        }
        return Html.join(rows.stream());
    }

    private static String few(List<String> changes) {
        return changes.size() <= FEW
                ? String.join(", ", changes)
                : String.join(", ", changes.subList(0, FEW)) + " and " + (changes.size() - FEW) + " more";
    }

    /** Features by name with their versions, then files. */
    static List<String> changes(GenerationInfo before, GenerationInfo after) {
        Map<String, String> old = versions(before);
        List<String> changes = new ArrayList<>();
        versions(after).forEach((name, version) -> {
            String was = old.remove(name);
            if (was == null) {
                changes.add("+ " + name + " " + version);
            } else if (!was.equals(version)) {
                changes.add(name + " " + was + " → " + version);
            }
        });
        old.forEach((name, version) -> changes.add("− " + name + " " + version));
        after.changed().stream().filter(path -> !path.equals(LOCK)).forEach(changes::add);
        return changes;
    }

    private static Map<String, String> versions(GenerationInfo generation) {
        Map<String, String> versions = new TreeMap<>();
        for (String feature : generation.features()) {
            String[] words = feature.split(" ", 2);
            versions.put(words[0], words.length > 1 ? words[1] : "");
        }
        return versions;
    }

    private Html one(HttpServletRequest request) throws Refused {
        String name = parameter(request, "name");
        boolean installed = features.installed().stream().anyMatch(f -> f.name().equals(name));
        FeatureInfo feature = Stream.concat(features.installed().stream(), features.available().stream())
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused("There is no feature " + name + "."));
        Html inspected = Html.NONE;
        if (installed && request.getParameter("inspect") != null) {
            try {
                inspected = ChangePage.findings(features.inspect(name));
            } catch (IllegalArgumentException e) {
                throw new Refused(String.valueOf(e.getMessage()));
            }
        } else if (installed) {
            inspected = Html.of(
                    "<form method=\"get\" action=\"{}features/one\" class=\"fh-inline\">{}{}<button class=\"fh-plain\">Look at signatures,"
                            + " permissions and code again</button></form>",
                    ROOT,
                    hidden("name", name),
                    hidden("inspect", "yes"));
        }
        Html process = !installed
                ? Html.NONE
                : feature.isolated().isEmpty()
                        ? button(request, "isolate", name, "Put into a process of its own", "fh-plain")
                        : button(request, "release", name, "Take out of its process", "fh-plain");
        return pages.feature(feature, process, inspected);
    }

    @Override
    String act(HttpServletRequest request, Session session, String path) throws Refused, IOException {
        switch (path) {
            case "/plan" -> {
                return planned(plan(parameter(request, "change"), request));
            }
            case "/upload" -> {
                Path file = uploads.take(request);
                return planned(changes.plan(
                        "install " + file.getFileName(),
                        new Change.Install(new Source.At(file), isOwnProcess(request))));
            }
            case "/again" -> {
                return planned(changes.again(parameter(request, "id")));
            }
            case "/apply" -> {
                // The service audits it, with the user's name.
                changes.make(parameter(request, "id"), session.user());
                return "/change";
            }
            default -> throw new Refused("There is no such form.");
        }
    }

    private static boolean isOwnProcess(HttpServletRequest request) {
        return request.getParameter(ISOLATED) != null;
    }

    private static String planned(Planned planned) {
        return "/plan?id=" + planned.id();
    }

    private Planned plan(String verb, HttpServletRequest request) throws Refused {
        String what = parameter(request, "what");
        String versions = parameter(request, "versions");
        String title = verb + ' ' + what + (versions.isEmpty() ? "" : ' ' + versions);
        return switch (verb) {
            case "install" ->
                changes.plan(title, new Change.Install(Changes.source(what, versions), isOwnProcess(request)));
            case "isolate" -> changes.plan(title, new Change.Isolate(what, true, 0));
            case "release" -> changes.plan("take " + what + " out of its process", new Change.Isolate(what, false, 0));
            case "update" -> changes.plan(title, new Change.Update(what, versions));
            case "remove" -> changes.plan(title, new Change.Remove(what));
            case "rollback" -> {
                if (!what.matches("\\d{1,18}")) {
                    throw new Refused("That is no generation: " + what);
                }
                yield changes.plan("go back to generation " + what, new Change.RollBack(Long.parseLong(what)));
            }
            default -> throw new Refused("There is no such change.");
        };
    }
}
