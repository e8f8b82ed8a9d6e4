package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthEndpointTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile List<String> problems = List.of();
    private volatile List<String> warnings = List.of();
    private HealthEndpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        endpoint = HealthEndpoint.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> new Readiness.Answer(0, problems, warnings));
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void isOkWhenThereIsNoProblem() throws Exception {
        HttpResponse<String> answer = ask("GET", "/health");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ready\":true}\n");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void namesTheProblems() throws Exception {
        problems = List.of("the \"mqtt\" bundle", "disk");
        HttpResponse<String> answer = ask("GET", "/health?verbose");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"ready\":false,\"problems\":[\"the \\\"mqtt\\\" bundle\",\"disk\"]}\n");
    }

    @Test
    void isReadyWithWarnings() throws Exception {
        warnings = List.of("a broker", "an edit");
        HttpResponse<String> answer = ask("GET", "/health");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ready\":true,\"warnings\":[\"a broker\",\"an edit\"]}\n");
        problems = List.of("disk");
        assertThat(ask("GET", "/health").body())
                .isEqualTo("{\"ready\":false,\"problems\":[\"disk\"],\"warnings\":[\"a broker\",\"an edit\"]}\n");
    }

    @Test
    void answersHeadWithoutBody() throws Exception {
        HttpResponse<String> answer = ask("HEAD", "/health");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void refusesOtherMethodsAndPaths() throws Exception {
        assertThat(ask("POST", "/health").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/healthy").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/health/..").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
    }

    /** A monitor that connects and goes silent must not be the end of monitoring. */
    @Test
    void oneWhoSendsNothingHoldsUpNobody() throws Exception {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            silent.getOutputStream().write("GET /hea".getBytes(StandardCharsets.US_ASCII));
            assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void givesThePortBackWhenClosed() throws Exception {
        int port = endpoint.port();
        endpoint.close();
        endpoint = HealthEndpoint.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                () -> new Readiness.Answer(0, problems, warnings));
        assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
    }
}
