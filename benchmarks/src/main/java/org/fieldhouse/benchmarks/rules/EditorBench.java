package org.fieldhouse.benchmarks.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.LastCheck;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.editor.RuleEditor;
import org.fieldhouse.rules.syntax.SourceFile;

/**
 * What somebody feels who edits a file of 10,000 lines beside another of 3,000: one line is changed, all is checked, words are offered
 * at the place. {@code java -cp "benchmarks/target/benchmarks.jar:benchmarks/target/lib/*" org.fieldhouse.benchmarks.rules.EditorBench [rounds]}.
 */
public final class EditorBench {
    private static final int RULES = 1_000;
    private static final String RULE =
            """
            rule "r%1$d"
              when R%1$d.Motion turns on
              if   R%1$d.Lux < 20 lx
              mode restart
            do
              turn on R%1$d.Light with brightness 60 %%
              wait until R%1$d.Motion is off for 5 min
              turn off R%1$d.Light
            end

            """;

    private EditorBench() {}

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        StringBuilder devices = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < RULES; i++) {
            devices.append(String.format(
                    Locale.ROOT, "expect R%1$d.Motion: motion%nexpect R%1$d.Lux: lux%nexpect R%1$d.Light: light%n", i));
            rules.append(String.format(Locale.ROOT, RULE, i));
        }
        SourceFile expected = new SourceFile("devices.rules", devices.toString());
        int at = rules.indexOf("60 %", rules.length() / 2);
        LastCheck last = new LastCheck();
        List<Double> checks = new ArrayList<>();
        List<Double> offers = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            rules.replace(at, at + 2, Integer.toString(10 + i % 80));
            List<SourceFile> files = List.of(expected, new SourceFile("rules.rules", rules.toString()));
            long start = System.nanoTime();
            CheckResult result = RuleCompiler.check(files, HouseModel.EMPTY, last);
            long checked = System.nanoTime();
            int offered = new RuleEditor(result.names(), files)
                    .complete("rules.rules", at + 3)
                    .items()
                    .size();
            long done = System.nanoTime();
            if (!result.isClean() || offered == 0) {
                throw new IllegalStateException("wrong: " + result.diagnostics() + ", " + offered + " offered");
            }
            checks.add((checked - start) / 1e6);
            offers.add((done - checked) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "check after an edit: first %.0f ms, warm %s; completion: warm %s%n",
                checks.get(0),
                warm(checks),
                warm(offers));
    }

    /** Of the second half. */
    private static String warm(List<Double> millis) {
        List<Double> half = new ArrayList<>(millis.subList(millis.size() / 2, millis.size()));
        Collections.sort(half);
        return String.format(
                Locale.ROOT, "median %.1f ms, most %.1f ms", half.get(half.size() / 2), half.get(half.size() - 1));
    }
}
