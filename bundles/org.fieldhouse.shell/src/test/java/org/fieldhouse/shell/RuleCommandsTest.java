package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleInfo;
import org.junit.jupiter.api.Test;

/** What a person types is understood, or the answer says what to type. */
class RuleCommandsTest {
    private static final ZoneId HOUSE = ZoneId.of("Pacific/Kiritimati");

    private final List<Object> asked = new ArrayList<>();
    private final RuleCommands commands = new RuleCommands(stub(RuleBook.class), stub(House.class));

    /** Knows twenty rules and no device, and remembers what is asked. */
    private <T> T stub(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "rules" ->
                        IntStream.range(0, 20)
                                .mapToObj(i -> new RuleInfo(
                                        "rule", "Light at door " + i, new SourceSpan("a.rules", 1, 1, 1), 0, 0, 0, ""))
                                .toList();
                    case "whyNot", "why" -> {
                        asked.addAll(List.of(arguments));
                        yield new RuleBook.Explanation("so", List.of());
                    }
                    case "zone" -> HOUSE;
                    case "setVariable" -> throw new IllegalArgumentException("there is no variable " + arguments[0]);
                    case "model" -> HouseModel.EMPTY;
                    case "named" -> Optional.empty();
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    @Test
    void whynotTakesATimeWithOrWithoutAt() {
        commands.whynot("Light", "at", "door", "3", "at", "00:00");
        commands.whynot("Light at door 4", "00:00");

        assertThat(asked).element(0).isEqualTo("Light at door 3");
        assertThat(asked).element(2).isEqualTo("Light at door 4");
        assertThat(asked.get(1)).isEqualTo(asked.get(3));
        assertThat(((Instant) asked.get(1)).atZone(HOUSE).toLocalTime()).isEqualTo(LocalTime.MIDNIGHT);
    }

    /** What an explanation shows can be asked about as it stands there. */
    @Test
    void whynotTakesTheTimeThatAnExplanationTells() {
        commands.whynot("Light", "at", "door", "3", "2026-11-21", "18:05:07");
        commands.whynot("Light", "at", "door", "3", "at", "2026-11-21T18:05:07");

        assertThat(asked)
                .containsExactly(
                        "Light at door 3",
                        Instant.parse("2026-11-21T04:05:07Z"),
                        "Light at door 3",
                        Instant.parse("2026-11-21T04:05:07Z"));
    }

    @Test
    void aNumberThatIsNoneSaysSo() {
        assertThatThrownBy(() -> commands.set("X", "1.2.3")).hasMessage("'1.2.3' is no number");
        assertThatThrownBy(() -> commands.why("99999999999999999999"))
                .hasMessageStartingWith("there is no device 9999");
    }

    @Test
    void whatDoesNotExistNamesTheCommandThatLists() {
        assertThatThrownBy(() -> commands.whynot("Nobody"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("there is no rule \"Nobody\"; `rules` lists them");
        assertThatThrownBy(() -> commands.why("Nobody"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("there is no device Nobody; `devices` lists them");
    }

    @Test
    void whoSetsAPointIsToldOfSend() {
        assertThatThrownBy(() -> commands.set("Tank.valve", "open"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("there is no variable Tank.valve; `send` is for points");
        assertThatThrownBy(() -> commands.set("Guests", "on")).hasMessage("there is no variable Guests");
    }

    @Test
    void whyWithoutWordsSaysHowToAsk() {
        assertThatThrownBy(commands::why)
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("why NAME.point, or why N");
        commands.why("12");
        assertThat(asked).containsExactly(12L);
    }
}
