package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServletTest {
    private final Map<String, Object> answered = new TreeMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private List<String> problems = List.of();
    private IOException gone;
    private Servlet servlet;

    @BeforeEach
    void aServlet() throws Exception {
        servlet = (Servlet) HealthServlet.of(() -> new Readiness.Answer(0, problems, List.of()), Class::forName);
    }

    private void ask(String method) throws Exception {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletRequest.class}, (p, m, a) -> method);
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (p, m, a) -> {
                    if (m.getName().equals("getOutputStream")) {
                        return out();
                    }
                    if (m.getName().equals("setHeader")) {
                        answered.put((String) a[0], a[1]);
                    } else {
                        answered.put(m.getName(), a[0]);
                    }
                    return null;
                });
        servlet.service(request, response);
    }

    private ServletOutputStream out() throws IOException {
        if (gone != null) {
            throw gone;
        }
        return new ServletOutputStream() {
            @Override
            public void write(int b) {
                body.write(b);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {}
        };
    }

    private String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isOkWhenThereIsNoProblem() throws Exception {
        ask("GET");
        assertThat(body()).isEqualTo("{\"ready\":true}\n");
        assertThat(answered)
                .isEqualTo(Map.of(
                        "setStatus",
                        200,
                        "Content-Type",
                        "application/json",
                        "Cache-Control",
                        "no-store",
                        "setContentLength",
                        body.size()));
    }

    @Test
    void namesTheProblems() throws Exception {
        problems = List.of("disk");
        ask("GET");
        assertThat(answered).containsEntry("setStatus", 503);
        assertThat(body()).isEqualTo("{\"ready\":false,\"problems\":[\"disk\"]}\n");
    }

    @Test
    void answersHeadWithoutABodyAndNothingElse() throws Exception {
        ask("HEAD");
        assertThat(answered).containsEntry("setStatus", 200);
        ask("POST");
        assertThat(answered).containsEntry("setStatus", 405).containsEntry("Allow", "GET, HEAD");
        assertThat(body.size()).isZero();
    }

    @Test
    void whatTheContainerThrowsIsTheContainersOwn() {
        gone = new IOException("the client is gone");
        assertThatThrownBy(() -> ask("GET")).isSameAs(gone);
    }

    @Test
    void isAServletLikeAnyOther() throws Exception {
        ServletConfig config = (ServletConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServletConfig.class}, (p, m, a) -> null);
        servlet.init(config);
        assertThat(servlet.getServletConfig()).isSameAs(config);
        assertThat(servlet.getServletInfo()).isNotBlank();
        assertThat(servlet).isEqualTo(servlet).isNotEqualTo(new Object());
        assertThat(Map.of(servlet, 1)).containsKey(servlet);
        servlet.destroy();
    }
}
