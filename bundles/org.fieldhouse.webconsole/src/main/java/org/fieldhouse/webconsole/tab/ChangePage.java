package org.fieldhouse.webconsole.tab;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.BundleInfo;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.webconsole.tab.Changes.Planned;
import org.fieldhouse.webconsole.tab.Changes.Run;
import org.osgi.framework.Bundle;

/** A plan with what is to be known before it, a change on its way, and one feature. */
final class ChangePage {
    private final Tab tab;

    ChangePage(Tab tab) {
        this.tab = tab;
    }

    private static Html back() {
        return Html.of("<p><a href=\"{}features\">All features</a></p>", Tab.ROOT);
    }

    /** Findings before the button, refusals and warnings first. */
    Html plan(HttpServletRequest request, Planned planned) {
        Plan plan = planned.plan();
        Html decision;
        if (plan.isRefused()) {
            decision = refused(request, planned);
        } else if (plan.steps().isEmpty()) {
            decision = Html.of("<p class=\"fh-good\">There is nothing to do.</p>");
        } else {
            decision = Html.of(
                    "{}{}{}<button class=\"{}\">Do it: {}</button> <a href=\"{}features\">Leave it</a></form>",
                    plan.restart()
                            ? Html.of(
                                    "<p class=\"fh-held\">Part of it will be in force only after the next start of the house.</p>")
                            : Html.NONE,
                    tab.form(request, "/apply", Html.of("class=\"fh-block\"")),
                    Tab.hidden("id", planned.id()),
                    plan.steps().stream().anyMatch(step -> step.action() == Plan.Action.REMOVE) ? "fh-danger" : "",
                    planned.title(),
                    Tab.ROOT);
        }
        return Html.of(
                """
                {}
                <h2>Plan: {}</h2>
                <p class="fh-note">Nothing has been changed yet.</p>
                <h3>What would change</h3>
                {}
                <h3>What was found</h3>
                {}
                <h3>Decide</h3>
                {}
                """,
                back(),
                planned.title(),
                steps(plan),
                findings(plan.findings()),
                decision);
    }

    private Html refused(HttpServletRequest request, Planned planned) {
        List<Reason> reasons = planned.plan().reasons();
        boolean shell = reasons.stream().anyMatch(reason -> reason.toString().contains("trust:allow "));
        return Html.of(
                "<div class=\"fh-bad\"><p>This would be refused:</p>{}</div>{}{}{}<button class=\"fh-plain\">Look again</button>"
                        + " <a href=\"{}features\">Leave it</a></form>",
                reasons(reasons),
                shell
                        ? Html.of("<p>If you answer for it, say so in the shell, with your reason for WHY:"
                                + " <code>./fieldhouse shell trust:allow …</code> Then look again.</p>")
                        : Html.NONE,
                tab.form(request, "/again", Html.of("class=\"fh-block\"")),
                Tab.hidden("id", planned.id()),
                Tab.ROOT);
    }

    private static Html steps(Plan plan) {
        return plan.steps().isEmpty()
                ? Html.of("<p>Nothing.</p>")
                : Html.of(
                        "<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                        Tab.head("", "What", "Name", "From", "To"),
                        Html.join(plan.steps().stream()
                                .map(step -> Html.of(
                                        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                                        Words.word(step.action()),
                                        Words.word(step.subject()),
                                        step.name(),
                                        step.from(),
                                        step.to()))));
    }

    static Html findings(List<Finding> findings) {
        return findings.isEmpty()
                ? Html.of("<p>Nothing that is new here, or nothing worth a word.</p>")
                : Html.of(
                        "<table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                        Tab.head("", "About", "In", "What was found"),
                        Html.join(findings.stream()
                                .sorted(Comparator.comparing(Finding::weight).reversed())
                                .map(finding -> Html.of(
                                        "<tr><td><span class=\"fh-status fh-{}\">{}</span></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                                        Words.word(finding.weight()),
                                        Words.word(finding.weight()),
                                        finding.code(),
                                        finding.subject(),
                                        finding.message()))));
    }

    private static Html reasons(List<Reason> reasons) {
        return Html.of("<ul>{}</ul>", Html.join(reasons.stream().map(reason -> Html.of("<li>{}</li>", reason))));
    }

    /** Loads itself again until it is over, with or without JavaScript. */
    Html progress(HttpServletResponse response, Run run) {
        if (!run.isOver()) {
            response.setHeader("Refresh", "1");
        }
        Html end = run.isOver() ? end(run) : Html.of("<p class=\"fh-held\" role=\"status\">On its way …</p>");
        return Html.of(
                "{}<h2>{}</h2>{}<h3>Steps</h3><table class=\"fh-table\">{}<tbody>{}</tbody></table>",
                back(),
                run.title(),
                end,
                Tab.head("Step", "What", "Read"),
                Html.join(run.steps().stream().map(ChangePage::step)));
    }

    /** Only fetching takes so long that its bytes are worth a word. */
    private static Html step(Progress step) {
        String total = step.total() < 0 ? "" : " of " + step.total();
        return Html.of(
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                Words.word(step.stage()),
                step.subject(),
                step.stage() == Progress.Stage.FETCH ? step.done() + total + " bytes" : "");
    }

    private static Html end(Run run) {
        Result result = run.result().orElse(null);
        if (result == null) {
            return Html.of(
                    "<p class=\"fh-bad\" role=\"alert\">It failed, and everything is as it was: {}</p>", run.failure());
        }
        if (!result.done()) {
            return Html.of(
                    "<div class=\"fh-bad\" role=\"alert\"><p>Nothing was changed:</p>{}</div>",
                    reasons(result.reasons()));
        }
        return Html.of(
                "<p class=\"fh-good\" role=\"status\">Generation {} is {}, after {} ms.</p>",
                result.generation(),
                result.plan().restart() ? "recorded, and in force after a restart" : "in force",
                result.took().toMillis());
    }

    static Html state(FeatureInfo feature) {
        return Html.of(
                "<span class=\"fh-status fh-{}\">{}</span>{}",
                Words.word(feature.state()),
                Words.word(feature.state()),
                feature.requested() || feature.state() == FeatureInfo.State.AVAILABLE
                        ? ""
                        : " because others require it");
    }

    /** @param process the button that changes where it runs */
    Html feature(FeatureInfo feature, Html process, Html inspected) {
        return Html.of(
                """
                {}
                <h2>{} {}</h2>
                <p>{}</p>
                <table class="fh-table fh-facts"><tbody>{}</tbody></table>
                <h3>Bundles</h3>
                <table class="fh-table">{}<tbody>{}</tbody></table>
                <h3>Signature, permissions and code</h3>
                {}
                """,
                back(),
                feature.name(),
                feature.version(),
                feature.title(),
                Html.join(Stream.of(
                        fact("state", state(feature)),
                        fact(
                                "process",
                                Html.of(
                                        "{} {}",
                                        feature.isolated().isEmpty() ? "the house's" : feature.isolated(),
                                        process)),
                        fact("source", feature.source()),
                        fact("requires", or(feature.requires())),
                        fact("required by", or(feature.requiredBy())))),
                Tab.head("Level", "Bundle", "Version", "State", "In features", "SHA-256"),
                Html.join(feature.bundles().stream().map(ChangePage::bundle)),
                inspected.isEmpty() ? Html.of("<p>Seen when it is planned to be installed.</p>") : inspected);
    }

    private static Html fact(String name, Object value) {
        return Html.of("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", name, value);
    }

    private static String or(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    private static Html bundle(BundleInfo bundle) {
        return Html.of(
                "<tr><td class=\"fh-number\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"fh-number\">{}</td><td class=\"fh-hash\">{}</td></tr>",
                bundle.level(),
                bundle.id() < 0
                        ? bundle.name()
                        : Html.of("<a href=\"{}bundles/{}\">{}</a>", Tab.ROOT, bundle.id(), bundle.name()),
                bundle.version(),
                bundleState(bundle.state()),
                bundle.shared(),
                bundle.sha256());
    }

    private static String bundleState(int state) {
        return switch (state) {
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.ACTIVE -> "active";
            case Bundle.STOPPING -> "stopping";
            default -> "";
        };
    }
}
