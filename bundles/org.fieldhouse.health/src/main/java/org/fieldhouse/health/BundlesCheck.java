package org.fieldhouse.health;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Every installed bundle runs. */
@Component(
        configurationPid = "org.fieldhouse.health.bundles",
        property = {"hc.name=bundles", "hc.tags=fieldhouse"})
public final class BundlesCheck implements HealthCheck {
    private static final Map<Integer, String> STATES = Map.of(
            Bundle.INSTALLED, "cannot be resolved",
            Bundle.RESOLVED, "is not started",
            Bundle.STARTING, "is starting",
            Bundle.STOPPING, "is stopping");

    private final BundleContext context;
    private final int lastLevel;

    @Activate
    public BundlesCheck(BundleContext context) {
        this.context = context;
        String beginning = context.getProperty(Constants.FRAMEWORK_BEGINNING_STARTLEVEL);
        lastLevel = beginning == null ? 1 : Integer.parseInt(beginning);
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        int level = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkStartLevel.class)
                .getStartLevel();
        if (level < lastLevel) {
            log.temporarilyUnavailable("the house is starting, level {} of {}", level, lastLevel);
            return new Result(log);
        }
        for (Bundle bundle : context.getBundles()) {
            int state = bundle.getState();
            boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            if ((state == Bundle.STARTING || state == Bundle.STOPPING) && isOnTrial(bundle)) {
                log.warn(
                        "bundle {} {} is on trial or leaving; if this lasts, its activator does not return, and it stays until the next start",
                        bundle.getSymbolicName(),
                        bundle.getVersion());
            } else if (state != Bundle.ACTIVE && !(fragment && state == Bundle.RESOLVED)) {
                log.critical("bundle {} {} {}", bundle.getSymbolicName(), bundle.getVersion(), STATES.get(state));
            }
        }
        return new Result(log);
    }

    /** It does not start with the house, or the version that does is there beside it: the house works without it. */
    private boolean isOnTrial(Bundle bundle) {
        return !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()
                || Arrays.stream(context.getBundles())
                        .anyMatch(other -> other.getState() == Bundle.ACTIVE
                                && Objects.equals(other.getSymbolicName(), bundle.getSymbolicName()));
    }
}
