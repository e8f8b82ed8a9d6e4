package org.fieldhouse.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Settings settings = new Settings(
            Map.of(
                    "host",
                    "localhost",
                    "port",
                    99_999L,
                    "keep-alive",
                    "5 min",
                    "tls",
                    Map.of("verify", true, "cn", "x"),
                    "topics",
                    List.of("a", "b"),
                    "password",
                    "${secret:broker}"),
            key -> new SourceSpan("devices/a.yaml", 3, 5, 0),
            name -> name.equals("broker") ? Optional.of(new Secret("swordfish")) : Optional.empty());

    @Test
    void namesThePlaceAndTheCure() {
        assertThatThrownBy(() -> settings.integer("port", 1, 65_535, 1883))
                .isInstanceOfSatisfying(
                        SettingsException.class, e -> assertThat(e.place()).hasToString("devices/a.yaml:3:5"))
                .hasMessage("'port' is 1 to 65535, not 99999");
        assertThatThrownBy(() -> settings.text("user")).hasMessageContaining("'user' is missing");
        assertThatThrownBy(() -> settings.duration("host")).hasMessageContaining("such as 30 s or 5 min");
    }

    @Test
    void readsADurationWithItsUnit() throws Exception {
        assertThat(settings.duration("keep-alive")).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.duration("absent", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void listsKeysThatNobodyRead() throws Exception {
        settings.text("host");
        settings.section("tls").flag("verify", false);
        settings.texts("topics");
        assertThat(settings.unread()).containsExactlyInAnyOrder("port", "keep-alive", "password", "tls.cn");
        assertThat(settings.known()).containsExactlyInAnyOrder("host", "tls", "tls.verify", "topics");
    }

    @Test
    void aSecretIsNeverPrinted() throws Exception {
        Secret secret = settings.secret("password").orElseThrow();
        assertThat(secret.reveal()).isEqualTo("swordfish");
        assertThat(secret).hasToString("***");
    }

    @Test
    void aMissingSecretNamesItself() {
        assertThatThrownBy(() -> Settings.of(Map.of("p", "${secret:none}")).secret("p"))
                .hasMessageContaining("${secret:none}");
    }

    @Test
    void whatIsReadElsewhereIsAskedForThere() throws Exception {
        Settings own = new Settings(
                Map.of("password", "${secret:door}", "list", List.of(Map.of("key", "${secret:lost}")), "odd", "${"),
                path -> SourceSpan.file("devices/a.yaml"),
                name -> name.equals("door") ? Optional.of(new Secret("sesame")) : Optional.empty());
        assertThat(own.written()).containsOnlyKeys("password", "list", "odd");
        assertThat(own.namedSecrets()).containsOnlyKeys("${secret:door}");
        assertThat(own.namedSecrets().get("${secret:door}").reveal()).isEqualTo("sesame");
        assertThat(own.unread()).containsExactlyInAnyOrder("password", "list", "odd");
        own.readElsewhere(List.of("odd"), Set.of("password", "user"));
        assertThat(own.unread()).containsExactly("odd");
        assertThat(own.known()).contains("password", "user");
    }
}
