package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.test.TestResult;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.api.Test;

/** Every edge of the language, and groups by area, kind and tag, each shown to fire and not to fire. */
class EdgesAndGroupsTest {
    private static DeviceInfo device(String name, String type, String area, String... tags) {
        return new DeviceInfo(
                new DeviceId(name.toLowerCase(java.util.Locale.ROOT)),
                name,
                "test",
                null,
                area,
                Set.of(tags),
                Catalogue.find(type).orElseThrow(),
                Status.ONLINE);
    }

    private static final HouseModel HOUSE = new HouseModel(List.of(
            device("Kitchen.Window", "window", "Kitchen", "night"),
            device("Kitchen.Door", "door", "Kitchen"),
            device("Bath.Window", "window", "Bath", "night"),
            device("Attic.Window", "window", "Attic"),
            device("Anna", "presence", ""),
            device("Ben", "presence", ""),
            device("Button", "button", ""),
            device("Temp", "thermometer", ""),
            device("`lamp/1`".replace("`", ""), "light", "")));

    private static void passes(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HOUSE);
        assertThat(checked.diagnostics().stream().filter(Diagnostic::isError).map(Diagnostic::render))
                .isEmpty();
        List<TestResult> results = TestRunner.run(checked.program(), TestRunner.ANYWHERE);
        assertThat(results).isNotEmpty();
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.failures()).as(result.name()).isEmpty());
    }

    @Test
    void aKindThatThereIsNotIsSaidOnceAndNotAgainWhereverTheDeviceIs() {
        CheckResult checked = RuleCompiler.check(
                List.of(
                        new SourceFile(
                                "a.rules",
                                """
                        expect Bath.Lamp: lamp
                        group Lamps = Bath.Lamp, `lamp/1`
                        scene Evening Bath.Lamp.brightness = 20 % end
                        rule "r" when Bath.Lamp turns on if Bath.Lamp is on do turn off Bath.Lamp end
                        """)),
                HOUSE);
        assertThat(checked.diagnostics()).extracting(each -> each.code().name()).containsExactly("E104");
    }

    @Test
    void groupsByAreaKindAndTagAndOfGroups() {
        passes(
                """
                group InKitchen = every window in Kitchen
                group AtNight = every window tagged night
                group Openings = every device in Kitchen
                group Both = InKitchen, Bath.Window
                variable Kitchen = 0
                variable Night = 0
                rule "kitchen" when any of InKitchen turns open do set Kitchen = Kitchen + 1 end
                rule "night" when any of AtNight turns open do set Night = Night + 1 end
                test "who is in which"
                  given Kitchen.Window closed, Kitchen.Door closed, Bath.Window closed, Attic.Window closed
                  at 1 s Kitchen.Window = open
                  at 2 s Bath.Window = open
                  at 3 s Attic.Window = open, Kitchen.Door = open
                  expect at 4 s Kitchen is 1
                  expect at 4 s Night is 2
                  expect at 4 s count of Openings is 2
                  expect at 4 s count of Openings is open is 2
                  expect at 4 s all of Both is open
                  expect at 4 s count of Both is 2
                  at 5 s Bath.Window = closed
                  expect at 6 s not (all of Both is open)
                  expect at 6 s any of Both is open
                end
                """);
    }

    @Test
    void firstAndLastOfAGroup() {
        passes(
                """
                group Household = Anna, Ben
                variable First = 0
                variable Last = 0
                variable Later = 0
                rule "first" when first of Household arrives do set First = First + 1 end
                rule "last" when last of Household leaves do set Last = Last + 1 end
                rule "later" when last of Household leaves for 10 min do set Later = Later + 1 end
                test "come and go"
                  given Anna away, Ben away
                  at 1 s Anna = home
                  at 2 s Ben = home
                  expect at 3 s First is 1
                  at 4 s Anna = away
                  expect at 5 s Last is 0
                  at 6 s Ben = away
                  expect at 7 s Last is 1
                  expect at 10 min 5 s Later is 0
                  expect at 10 min 6 s Later is 1
                  at 11 min Ben = home
                  expect at 11 min First is 2
                  at 12 min Ben = away
                  at 15 min Ben = home
                  expect at 30 min Later is 1
                end
                """);
    }

    @Test
    void eventsOfDevicesWithWhatTheyCarry() {
        passes(
                """
                variable Any = 0
                variable Twice = 0
                variable Sum = 0
                rule "any" when Button pressed do set Any = Any + 1 set Sum = Sum + event.count end
                rule "twice" when Button pressed with count 2 do set Twice = Twice + 1 end
                test "presses"
                  at 1 s Button pressed with count 1
                  at 2 s Button pressed with count 2
                  at 3 s Button held
                  expect at 4 s Any is 2
                  expect at 4 s Sum is 3
                  expect at 4 s Twice is 1
                end
                """);
    }

    @Test
    void numbersThatChangeCrossAndReach() {
        passes(
                """
                variable Changes = 0
                variable Steps = 0
                variable Crossed = 0
                variable Reached = 0
                rule "changes" when Temp changes do set Changes = Changes + 1 end
                rule "steps" when Temp changes by 1 K do set Steps = Steps + 1 end
                rule "crossing" when Temp becomes > 25 °C do set Crossed = Crossed + 1 end
                rule "reaches" when Temp reaches 20 °C do set Reached = Reached + 1 end
                test "a curve"
                  given Temp 19 °C
                  at 1 s Temp = 19.5 °C
                  at 2 s Temp = 20.5 °C
                  at 3 s Temp = 20.5 °C
                  at 4 s Temp = 26 °C
                  at 5 s Temp = 27 °C
                  at 6 s Temp = 19 °C
                  at 7 s Temp = 80 °F
                  expect at 8 s Changes is 6
                  expect at 8 s Steps is 5
                  expect at 8 s Crossed is 2
                  expect at 8 s Reached is 3
                end
                """);
    }

    @Test
    void devicesThatGoOffline() {
        passes(
                """
                variable Gone = 0
                variable Long = 0
                variable Back = 0
                rule "gone" when Temp goes offline do set Gone = Gone + 1 end
                rule "long" when Temp goes offline for 10 min do set Long = Long + 1 end
                rule "back" when Temp goes online do set Back = Back + 1 end
                test "away for a while, then for long, also over a restart"
                  given Temp 20 °C
                  at 1 min Temp offline
                  at 5 min Temp online
                  expect at 20 min Gone is 1
                  expect at 20 min Long is 0
                  expect at 20 min Back is 1
                  at 30 min Temp offline
                  at 35 min restart
                  expect at 39 min 59 s Long is 0
                  expect at 40 min Long is 1
                end
                """);
    }

    @Test
    void namesInBackQuotes() {
        passes(
                """
                rule "lamp" when Button pressed do turn on `lamp/1` with brightness 40 % end
                test "odd name"
                  given `lamp/1` off
                  at 1 s Button pressed
                  expect at 2 s `lamp/1`.brightness is 40 %
                end
                """);
    }
}
