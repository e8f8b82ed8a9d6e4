package org.fieldhouse.runtime.bus;

import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cause.Origin;
import org.fieldhouse.api.event.Cue;

/** Who a using bundle is: the part of a cause that a caller cannot choose. */
public final class Origins {
    private static final String RULES = "org.fieldhouse.rules";
    private static final String SHELL = "org.fieldhouse.shell";
    private static final String WEB = "org.fieldhouse.web";
    private static final String WEB_CONSOLE = "org.fieldhouse.webconsole";
    private static final String FEATURES = "org.fieldhouse.features";
    private static final String TRUST = "org.fieldhouse.trust";
    private static final String OWN = "org.fieldhouse.runtime";

    private Origins() {}

    /**
     * The cause of what a bundle does. The rules bundle acts for a rule, or for a person who sets a variable; shell and web act
     * for a person; features and trust for whoever asked them; every other bundle acts for itself.
     *
     * @param bundle symbolic name of the using bundle
     * @param cue what the bundle says it reacts to
     */
    public static Cause cause(String bundle, Cue cue) {
        String actor = cue.actor();
        switch (bundle) {
            case RULES -> {
                if (cue.rule() != null) {
                    return new Cause(cue.parent(), Origin.RULE, cue.rule().name(), cue.rule());
                }
                return actor.isEmpty()
                        ? new Cause(cue.parent(), Origin.RULE, "rules", null)
                        : new Cause(cue.parent(), Origin.USER, actor, null);
            }
            case SHELL, WEB, WEB_CONSOLE -> {
                String person = actor.isEmpty() ? bundle.substring(bundle.lastIndexOf('.') + 1) : actor;
                return new Cause(cue.parent(), Origin.USER, person, null);
            }
            case FEATURES, TRUST -> {
                return actor.isEmpty()
                        ? new Cause(cue.parent(), Origin.EXTERNAL, bundle, null)
                        : new Cause(cue.parent(), Origin.USER, actor, null);
            }
            case OWN -> {
                return new Cause(cue.parent(), Origin.RUNTIME, actor.isEmpty() ? "runtime" : actor, null);
            }
            default -> {
                return new Cause(cue.parent(), Origin.EXTERNAL, bundle, null);
            }
        }
    }
}
