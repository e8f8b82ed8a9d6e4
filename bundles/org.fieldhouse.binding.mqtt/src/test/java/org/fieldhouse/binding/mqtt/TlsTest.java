package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.BindingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with an authority of the test's own, client certificates, and what is said when something does not fit. */
@Tag("slow")
class TlsTest {
    @TempDir
    Path folder;

    private void run(String... command) throws Exception {
        Process p = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        assertThat(p.waitFor()).as(String.join(" ", command)).isZero();
    }

    private void openssl(String line) throws Exception {
        run(("openssl " + line).split(" "));
    }

    @BeforeEach
    void certificates() throws Exception {
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Authority -keyout ca.key -out ca.pem");
        for (String who : List.of("server", "client")) {
            String names = who.equals("server") ? "subjectAltName=DNS:localhost" : "subjectAltName=DNS:client";
            openssl("req -newkey rsa:2048 -nodes -subj /CN=" + who + " -keyout " + who + ".key -out " + who + ".csr");
            java.nio.file.Files.writeString(folder.resolve(who + ".ext"), names + "\n");
            openssl("x509 -req -in " + who + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile " + who
                    + ".ext -out " + who + ".pem");
        }
        openssl("rsa -in client.key -traditional -out client1.key");
        openssl("pkcs12 -export -in client.pem -inkey client.key -passout pass:secret -out client.p12");
    }

    private Mosquitto broker(boolean certificate) throws Exception {
        return new Mosquitto(
                folder,
                "allow_anonymous true",
                "cafile " + folder.resolve("ca.pem"),
                "certfile " + folder.resolve("server.pem"),
                "keyfile " + folder.resolve("server.key"),
                "require_certificate " + certificate);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static FakeContext connect(Mosquitto m, String host, String version, Map<String, Object> tls)
            throws Exception {
        return Fixtures.broker(m.port, "host", host, "version", version, "tls", tls);
    }

    private static void echoes(FakeContext c) throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        BrokerDevice b = (BrokerDevice) c.device;
        b.subscribe("t", 1, m -> got.add(m.text()), r -> {});
        await().until(() -> {
            b.publish("t", "x".repeat(100_000), 1, false);
            return !got.isEmpty();
        });
        c.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void carriesMessagesWithEveryFormOfKey(String version) throws Exception {
        try (Mosquitto m = broker(true)) {
            String ca = file("ca.pem");
            echoes(connect(
                    m, "localhost", version, Map.of("ca", ca, "cert", file("client.pem"), "key", file("client.key"))));
            echoes(connect(
                    m, "localhost", version, Map.of("ca", ca, "cert", file("client.pem"), "key", file("client1.key"))));
            echoes(connect(
                    m,
                    "localhost",
                    version,
                    Map.of("ca", ca, "keystore", file("client.p12"), "keystore-password", "secret")));
            echoes(connect(
                    m,
                    "127.0.0.1",
                    version,
                    Map.of("ca", ca, "verify-host", false, "cert", file("client.pem"), "key", file("client.key"))));
            BindingException none = catchThrowableOfType(
                    BindingException.class, () -> connect(m, "localhost", version, Map.of("ca", ca)));
            assertThat(none).hasMessageContaining("localhost:" + m.port);
        }
    }

    @Test
    void saysWhatDoesNotFit() throws Exception {
        try (Mosquitto m = broker(false)) {
            assertThat(catchThrowableOfType(BindingException.class, () -> connect(m, "localhost", "5", Map.of())))
                    .hasMessageContaining("not trusted; set 'tls.ca'");
            assertThat(catchThrowableOfType(
                            BindingException.class, () -> connect(m, "127.0.0.1", "5", Map.of("ca", file("ca.pem")))))
                    .hasMessageContaining("the certificate is not for '127.0.0.1'");
            BindingException missing = catchThrowableOfType(
                    BindingException.class, () -> connect(m, "localhost", "5", Map.of("ca", file("nowhere.pem"))));
            assertThat(missing.isPermanent()).isTrue();
            assertThat(missing).hasMessageContaining("nowhere.pem").hasMessageContaining("there is no such file");
            BindingException unfit = catchThrowableOfType(
                    BindingException.class,
                    () -> connect(
                            m,
                            "localhost",
                            "5",
                            Map.of("ca", file("ca.pem"), "cert", file("client.pem"), "key", file("server.key"))));
            assertThat(unfit.isPermanent()).isTrue();
            assertThat(unfit).hasMessageContaining("server.key is not the key of the certificate in ");
            assertThat(catchThrowableOfType(
                            BindingException.class,
                            () -> connect(
                                    m,
                                    "localhost",
                                    "5",
                                    Map.of(
                                            "ca",
                                            file("ca.pem"),
                                            "keystore",
                                            file("client.p12"),
                                            "keystore-password",
                                            "no"))))
                    .hasMessageContaining("client.p12 cannot be used");
            assertThat(catchThrowableOfType(
                            BindingException.class,
                            () -> Fixtures.broker(m.port, "host", "localhost", "timeout", "2 s")))
                    .isNotNull();
        }
    }
}
