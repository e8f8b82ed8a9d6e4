package org.fieldhouse.health;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** {@code GET /health}: 200 {@code {"ready":true}}, or 503 with the reasons as {@code problems}. */
@Component(
        service = Servlet.class,
        configurationPid = "org.fieldhouse.health",
        property = "osgi.http.whiteboard.servlet.pattern=/health")
@Designate(ocd = HealthServlet.Config.class)
public final class HealthServlet extends HttpServlet {
    @ObjectClassDefinition(name = "Health")
    @interface Config {
        @AttributeDefinition(
                name = "Cache",
                description = "For how long an answer is given again without asking the checks, in milliseconds",
                min = "0",
                max = "60000")
        int cacheMillis() default 200;
    }

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(HealthServlet.class);

    private final transient long cacheNanos;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE,
            target = "(hc.tags=fieldhouse)")
    private transient volatile List<HealthCheck> checks = List.of();

    private transient @Nullable Answer last;

    @Activate
    public HealthServlet(Config config) {
        cacheNanos = TimeUnit.MILLISECONDS.toNanos(config.cacheMillis());
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<String> problems = problems(System.nanoTime());
        byte[] body = json(problems).getBytes(StandardCharsets.UTF_8);
        response.setStatus(problems.isEmpty() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private synchronized List<String> problems(long now) {
        Answer known = last;
        if (known != null && now - known.nanos < cacheNanos) {
            return known.problems;
        }
        List<String> found = new ArrayList<>();
        for (HealthCheck check : checks) {
            found.addAll(problemsOf(check));
        }
        Answer answer = new Answer(now, List.copyOf(found));
        if (known == null || !known.problems.equals(answer.problems)) {
            LOG.info("{}", found.isEmpty() ? "Ready" : "Not ready: " + String.join("; ", found));
        }
        last = answer;
        return answer.problems;
    }

    private static List<String> problemsOf(HealthCheck check) {
        Result result;
        try {
            result = check.execute();
        } catch (RuntimeException e) {
            LOG.warn("The health check {} failed", check.getClass().getName(), e);
            return List.of(check.getClass().getName() + ": " + e);
        }
        List<String> problems = new ArrayList<>();
        if (!result.isOk()) {
            for (ResultLog.Entry entry : result) {
                if (entry.getStatus() != Result.Status.OK) {
                    problems.add(entry.getMessage());
                }
            }
        }
        return problems;
    }

    private static String json(List<String> problems) {
        StringBuilder json = new StringBuilder("{\"ready\":").append(problems.isEmpty());
        String separator = ",\"problems\":[";
        for (String problem : problems) {
            json.append(separator).append(Json.quote(problem));
            separator = ",";
        }
        return json.append(problems.isEmpty() ? "}\n" : "]}\n").toString();
    }

    /** @param nanos System.nanoTime() when the checks were asked */
    private record Answer(long nanos, List<String> problems) {}
}
