package org.fieldhouse.health;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the house is ready, from all checks together. Asked from any thread. */
@Component(service = Readiness.class, configurationPid = "org.fieldhouse.health")
@Designate(ocd = Readiness.Config.class)
public final class Readiness {
    @ObjectClassDefinition(name = "Health")
    @interface Config {
        @AttributeDefinition(
                name = "Cache",
                description = "For how long an answer is given again without asking the checks, in milliseconds",
                min = "0",
                max = "60000")
        int cacheMillis() default 200;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    /** "Not ready" is kept for so much less: whoever waits for the house learns at once. */
    private static final int SOONER = 10;

    private final long cacheNanos;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE,
            target = "(hc.tags=fieldhouse)")
    private volatile List<HealthCheck> checks = List.of();

    private @Nullable Answer last;

    @Activate
    public Readiness(Config config) {
        cacheNanos = TimeUnit.MILLISECONDS.toNanos(config.cacheMillis());
    }

    synchronized Answer answer() {
        long now = System.nanoTime();
        Answer known = last;
        if (known != null && now - known.nanos < (known.problems.isEmpty() ? cacheNanos : cacheNanos / SOONER)) {
            return known;
        }
        List<String> found = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (HealthCheck check : checks) {
            ask(check, found, warnings);
        }
        Answer answer = new Answer(now, List.copyOf(found), List.copyOf(warnings));
        if (known == null || !known.problems.equals(answer.problems)) {
            LOG.info("{}", found.isEmpty() ? "Ready" : "Not ready: " + String.join("; ", found));
        }
        last = answer;
        return answer;
    }

    /** @param warnings what a person should know, though the house is ready */
    static void ask(HealthCheck check, List<String> problems, List<String> warnings) {
        Result result;
        try {
            result = check.execute();
        } catch (RuntimeException e) {
            LOG.warn("The health check {} failed", check.getClass().getName(), e);
            problems.add(check.getClass().getName() + ": " + e);
            return;
        }
        for (ResultLog.Entry entry : result) {
            if (entry.getStatus() == Result.Status.WARN) {
                warnings.add(entry.getMessage());
            } else if (entry.getStatus() != Result.Status.OK) {
                problems.add(entry.getMessage());
            }
        }
    }

    /** @param nanos System.nanoTime() when the checks were asked */
    record Answer(long nanos, List<String> problems, List<String> warnings) {
        /** 200 (OK) or 503 (Service Unavailable), RFC 9110, 15.3.1 and 15.6.4. */
        int status() {
            return problems.isEmpty() ? 200 : 503;
        }

        byte[] body() {
            StringBuilder json = new StringBuilder("{\"ready\":").append(problems.isEmpty());
            list(json, "problems", problems);
            list(json, "warnings", warnings);
            return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        }

        private static void list(StringBuilder json, String name, List<String> texts) {
            if (!texts.isEmpty()) {
                json.append(
                        texts.stream().map(Json::quote).collect(Collectors.joining(",", ",\"" + name + "\":[", "]")));
            }
        }
    }
}
