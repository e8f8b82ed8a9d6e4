package org.fieldhouse.api.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a change would do.
 *
 * @param steps in the order in which they would be made; empty if there is nothing to do
 * @param findings what vetting found in the new artefacts
 * @param reasons why it would be refused; empty if it would not
 * @param restart whether some of it would be in force only after the next start
 */
public record Plan(List<Step> steps, List<Finding> findings, List<Reason> reasons, boolean restart) {
    public Plan {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
        reasons = List.copyOf(reasons);
    }

    /** The same, with what was found later. */
    public Plan with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Plan(steps, all, reasons, restart);
    }

    public boolean isRefused() {
        return !reasons.isEmpty();
    }

    /** What is done to a thing. */
    public enum Action {
        INSTALL,
        UPDATE,
        REMOVE
    }

    /** What the thing is. */
    public enum Subject {
        FEATURE,
        BUNDLE,
        CONFIGURATION,
        FILE,
        /** Of an isolated feature. */
        PROCESS,
        /** The administrator's, whether a feature of that name runs in a process of its own. */
        CHOICE
    }

    /**
     * One line of a plan.
     *
     * @param name of the feature or bundle, PID of the configuration, path of the file
     * @param from version that is there; empty for none
     * @param to version that will be there; empty for none
     */
    public record Step(Action action, Subject subject, String name, String from, String to) {
        @Override
        public String toString() {
            String versions = from.isEmpty() || to.isEmpty() ? from + to : from + " → " + to;
            String text = action + " " + subject + " " + name;
            return (versions.isEmpty() ? text : text + " " + versions).toLowerCase(Locale.ROOT);
        }
    }
}
