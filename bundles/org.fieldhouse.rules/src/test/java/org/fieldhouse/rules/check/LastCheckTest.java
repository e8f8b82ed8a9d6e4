package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.api.Test;

/** A check that relies on the one before finds what a check of its own would have found. */
class LastCheckTest {
    private static final Path STORIES = Path.of("../../examples/stories");
    private static final HouseModel HOUSE = house("onoff");
    private static final SourceFile LAMPS = new SourceFile(
            "a.rules",
            """
            rule "Follow"
              when A.onoff turns on
            do
              turn on B.onoff
            end
            """);

    private static HouseModel house(String point) {
        return new HouseModel(Stream.of("A", "B", "C")
                .map(name -> new DeviceInfo(
                        new DeviceId(name),
                        name,
                        "test",
                        null,
                        "",
                        java.util.Set.of(),
                        DeviceDescription.of("lamp", PointSpec.control(point, ValueSpec.ON_OFF)),
                        Status.ONLINE))
                .toList());
    }

    private static SourceFile other(String body) {
        return new SourceFile("b.rules", body);
    }

    /** What came of it in all detail; the results of the tests are in it, since they need everything that is known of nodes. */
    private static String outcome(CheckResult result) {
        StringBuilder all = new StringBuilder();
        result.diagnostics().forEach(each -> all.append(each).append('\n'));
        if (result.isClean()) {
            Lowering lowering = new Lowering(result.program());
            all.append(lowering.problems()).append(lowering.program().sources());
            lowering.program().codes().forEach(code -> all.append(code.head()).append('\n'));
            all.append(TestRunner.run(lowering, TestRunner.ANYWHERE, null).results());
        }
        return all.toString();
    }

    private static void same(List<SourceFile> files, HouseModel house, LastCheck last) {
        assertThat(outcome(RuleCompiler.check(files, house, last)))
                .isEqualTo(outcome(RuleCompiler.check(files, house)));
    }

    /** Lines of a story are lost, doubled and moved, one after the other; each time it comes back to what it was. */
    @Test
    void editsOfStories() throws IOException {
        Random random = new Random(7);
        List<Path> stories;
        try (Stream<Path> all = Files.list(STORIES)) {
            stories = all.filter(p -> p.toString().endsWith(".rules")).sorted().toList();
        }
        for (Path story : stories) {
            String clean = Files.readString(story);
            LastCheck last = new LastCheck();
            same(List.of(new SourceFile("s.rules", clean)), HouseModel.EMPTY, last);
            for (int i = 0; i < 12; i++) {
                String[] lines = clean.split("\n");
                int at = random.nextInt(lines.length);
                switch (i % 4) {
                    case 0 -> lines[at] = "";
                    case 1 -> lines[at] = lines[at] + "\n" + lines[at];
                    case 2 -> lines[at] = "\n" + lines[at];
                    default -> lines[at] = lines[at].replaceAll("\\d", "7");
                }
                String edited = String.join("\n", lines) + "\n";
                same(List.of(new SourceFile("s.rules", edited)), HouseModel.EMPTY, last);
                if (i % 3 == 0) {
                    same(List.of(new SourceFile("s.rules", clean)), HouseModel.EMPTY, last);
                }
            }
        }
    }

    @Test
    void whatADeviceIsCountsInFilesThatNobodyEdited() {
        LastCheck last = new LastCheck();
        assertThat(RuleCompiler.check(List.of(LAMPS), HOUSE, last).isClean()).isTrue();
        assertThat(RuleCompiler.check(List.of(LAMPS), house("power"), last).isClean())
                .isFalse();
        same(List.of(LAMPS), house("power"), last);
        same(List.of(LAMPS), HOUSE, last);
    }

    @Test
    void aNameThatComesAndGoesInAnotherFile() {
        SourceFile uses = new SourceFile("a.rules", "rule \"Use\" when Night turns on do turn on B.onoff end\n");
        LastCheck last = new LastCheck();
        same(List.of(uses, other("variable Night = off\n")), HOUSE, last);
        same(List.of(uses, other("variable Night = 5 °C\n")), HOUSE, last);
        same(List.of(uses, other("")), HOUSE, last);
        same(List.of(uses, other("variable Night\n")), HOUSE, last);
        same(List.of(uses, other("group Night = A, B\n")), HOUSE, last);
        same(List.of(uses, other("\n\nvariable Night = off\n")), HOUSE, last);
    }

    @Test
    void conflictsAndLoopsWithWhatWasNotEdited() {
        LastCheck last = new LastCheck();
        same(List.of(LAMPS, other("")), HOUSE, last);
        String off = "rule \"Off\" when A.onoff turns on do turn off B.onoff end\n";
        same(List.of(LAMPS, other(off)), HOUSE, last);
        assertThat(RuleCompiler.check(List.of(LAMPS, other(off)), HOUSE, last).diagnostics())
                .isNotEmpty();
        String loop = "rule \"Back\" when B.onoff turns on do turn off A.onoff turn on A.onoff end\n"
                + "rule \"Off\" when A.onoff turns off do turn off B.onoff end\n";
        same(List.of(LAMPS, other(loop)), HOUSE, last);
        same(List.of(LAMPS, other("")), HOUSE, last);
    }

    /** Else all of the above would prove nothing. */
    @Test
    void whatWasNotEditedIsNotCheckedAgain() {
        LastCheck last = new LastCheck();
        CheckResult before = RuleCompiler.check(List.of(LAMPS, other("")), HOUSE, last);
        CheckResult after = RuleCompiler.check(List.of(LAMPS, other("# c\n")), HOUSE, last);
        Decl.Rule rule = (Decl.Rule) after.program().declarations().get(0).decl();
        assertThat(resolved(after, rule)).isSameAs(resolved(before, rule)).isNotNull();
        CheckResult anew = RuleCompiler.check(List.of(LAMPS, other("variable V = off\n")), HOUSE, last);
        assertThat(resolved(anew, rule)).isNotSameAs(resolved(before, rule));
    }

    /** A start checks against the devices as they were kept with the program, and then against those that are there. */
    @Test
    void whatIsForPeopleAndWhatADeviceIsReachedOverMeanNothing() {
        HouseModel live = new HouseModel(HOUSE.devices().stream()
                .map(d -> new DeviceInfo(
                        d.id(),
                        d.name(),
                        d.binding(),
                        new DeviceId("Broker"),
                        d.area(),
                        d.tags(),
                        forPeople(d.description()),
                        Status.CONNECTING))
                .toList());
        LastCheck last = new LastCheck();
        CheckResult before = RuleCompiler.check(List.of(LAMPS), HOUSE, last);
        CheckResult after = RuleCompiler.check(List.of(LAMPS), live, last);
        Decl.Rule rule = (Decl.Rule) after.program().declarations().get(0).decl();
        assertThat(resolved(after, rule)).isSameAs(resolved(before, rule)).isNotNull();
    }

    private static DeviceDescription forPeople(DeviceDescription d) {
        List<PointSpec> titled =
                d.points().stream().map(p -> p.withTitle("A title")).toList();
        return new DeviceDescription(
                d.type(), titled, d.actions(), d.events(), d.mainPoint(), java.util.Map.of("firmware", "2"));
    }

    private static Resolution resolved(CheckResult result, Decl.Rule rule) {
        var edge =
                (org.fieldhouse.rules.syntax.ast.Edge.Becomes) rule.triggers().get(0);
        var subject = (org.fieldhouse.rules.syntax.ast.Edge.One) edge.subject();
        return result.program().resolution(subject.ref()).orElseThrow();
    }
}
