package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test finds the same beside its island as beside all rules. Coverage has it run beside all. */
class IslandsTest {
    private static final HouseModel HOUSE = HouseModel.EMPTY.withFunctions(List.of(FunctionSpec.action(
            "speak", null, Duration.ofSeconds(10), new ArgumentSpec("text", ValueSpec.TEXT, true))));
    private static final Set<String> TIES = Set.of(
            "Activate.scene",
            "Alarm.recipients",
            "AlarmAct.alarm",
            "AlarmIs.alarm",
            "Answer.function",
            "Call.function",
            "CallFunction.function",
            "Clear.alarm",
            "Escalation.to",
            "ExpectCalled.function",
            "ExpectNotified.to",
            "Notify.to",
            "Raise.alarm",
            "Ref.path");
    /** What belongs to a declaration alone, to what a Ref means, or to the language; and where uploads go, of which no test speaks. */
    private static final Set<String> NO_TIES = Set.of(
            "Alarm.name",
            "Arg.name",
            "Broken.name",
            "Control.priority",
            "Counter.name",
            "Cron.expression",
            "DeviceEvent.event",
            "EventField.field",
            "Expect.type",
            "Group.name",
            "Happens.event",
            "Integrates.unit",
            "Keep.priority",
            "Let.name",
            "Link.copy",
            "Quantity.unit",
            "Ref.member",
            "Rule.name",
            "Rule.priority",
            "Scene.name",
            "Selector.area",
            "Selector.deviceKind",
            "Selector.tag",
            "Sequence.name",
            "Sequence.priority",
            "Step.name",
            "SunValue.property",
            "Test.name",
            "Upload.to",
            "Variable.choices",
            "Variable.name");

    private static final String TWO =
            """
            expect Hall.Motion: motion
            expect Hall.Light: light
            expect Yard.Motion: motion
            expect Yard.Light: light

            rule "hall"
              when Hall.Motion turns on
              do
                turn on Hall.Light
            end

            rule "yard"
              when Hall.MOTION turns on
              do
                SAYS
            end

            test "hall"
              given Hall.Motion = off
              at 1 s Hall.Motion = on
              expect at 2 s Hall.Light is on
              EXPECTS
            end
            """;

    /** What makes many expectations fail, and many rules do something else. */
    private static List<SourceFile> stories(String from, String to) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (Path story : ExamplesTest.stories()) {
            String text = Pattern.compile(from).matcher(Files.readString(story)).replaceAll(to);
            files.add(new SourceFile(story.getFileName().toString(), text));
        }
        return files;
    }

    private static List<String> found(List<SourceFile> files, boolean beside) {
        return FullCheck.check(files, HOUSE, beside).diagnostics().stream()
                .map(Diagnostic::render)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?m)^(  expect .*) is on$ -> $1 is off",
                "(?m)^(  expect .*) is off$ -> $1 is on",
                "(?m)^(  expect .*)(?<!not) notified -> $1 not notified",
                "(?m)^(  expect .*) not notified -> $1 notified",
                "(?m)^(    +)turn on -> $1turn off",
                "(?m)^(    +)notify \\w+ -> $1notify Nobody"
            })
    void all_tests_of_the_stories_find_the_same_on_their_islands(String change) throws IOException {
        String[] parts = change.split(" -> ", 2);
        List<SourceFile> files = stories(parts[0], parts[1]);
        List<String> beside = found(files, true);
        assertThat(found(files, false)).isEqualTo(beside);
        assertThat(beside).filteredOn(each -> each.contains("E601")).isNotEmpty();
    }

    private static List<Integer> islands(String yard, String says, String expects) {
        String text = TWO.replace("Hall.MOTION", yard).replace("SAYS", says).replace("EXPECTS", expects);
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HOUSE);
        assertThat(checked.isClean()).as(checked.diagnostics().toString()).isTrue();
        return Islands.of(checked.program()).stream()
                .map(each -> each.declarations().size())
                .toList();
    }

    @Test
    void rules_without_anything_in_common_are_apart() {
        assertThat(islands("Yard.Motion", "turn on Yard.Light", "")).containsExactly(3, 4);
        assertThat(islands("Hall.Motion", "turn on Yard.Light", "")).containsExactly(1, 6);
    }

    /** Whoever is told by a rule of another island is told. */
    @Test
    void whom_a_test_asks_for_ties_all_who_tell_them() {
        assertThat(islands("Yard.Motion", "notify Ada \"x\"", "")).containsExactly(3, 4);
        assertThat(islands("Yard.Motion", "notify Ada \"x\"", "expect at 2 s not notified Ada"))
                .containsExactly(1, 6);
        assertThat(islands("Yard.Motion", "call speak(\"x\")", "expect at 2 s not called speak"))
                .containsExactly(1, 6);
    }

    /** One that names something and is in neither list has to be looked at: does it tie two declarations, and does Islands know? */
    @Test
    void each_name_in_the_tree_was_thought_of() {
        Set<String> thoughtOf = new TreeSet<>(TIES);
        thoughtOf.addAll(NO_TIES);
        Set<String> names = new TreeSet<>();
        names(Decl.class, names, new HashSet<>());
        assertThat(names).isEqualTo(thoughtOf);
    }

    private static void names(Type type, Set<String> into, Set<Type> seen) {
        if (type instanceof ParameterizedType list) {
            for (Type argument : list.getActualTypeArguments()) {
                names(argument, into, seen);
            }
        } else if (type instanceof Class<?> kind && kind.getName().contains(".syntax.ast.") && seen.add(kind)) {
            if (kind.isSealed()) {
                for (Class<?> each : kind.getPermittedSubclasses()) {
                    names(each, into, seen);
                }
            }
            if (kind.isRecord() && kind != Name.class) {
                for (RecordComponent part : kind.getRecordComponents()) {
                    if (part.getGenericType().getTypeName().contains(Name.class.getName())) {
                        into.add(kind.getSimpleName() + "." + part.getName());
                    }
                    names(part.getGenericType(), into, seen);
                }
            }
        }
    }
}
