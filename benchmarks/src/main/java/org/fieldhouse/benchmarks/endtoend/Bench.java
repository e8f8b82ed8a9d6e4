package org.fieldhouse.benchmarks.endtoend;

import java.nio.file.Files;
import java.util.Arrays;
import org.fieldhouse.benchmarks.proof.Proofs;

/** {@code fieldhouse bench <what> [--short] …}: one measurement from outside. Exits with 1 if a goal was missed. */
public final class Bench {
    private Bench() {}

    /** The measurement's name, then its options. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println(
                    "usage: bench path|clients|overload|reload|swap|kill|scale|boot [--short] [--dist=directory], "
                            + "or bench " + Proofs.NAMES + " [how many] …");
            System.exit(2);
        }
        if (Proofs.run(args)) {
            return;
        }
        Options options = Options.of(Arrays.copyOfRange(args, 1, args.length));
        Files.createDirectories(options.work());
        Report report =
                switch (args[0]) {
                    case "reload" -> new ReloadBench(options).run();
                    case "swap" -> new SwapBench(options).run();
                    case "scale" -> new ScaleBench(options).run();
                    case "overload" -> new OverloadBench(options).run();
                    case "kill" -> new KillBench(options).run();
                    case "boot" -> new BootBench(options).run();
                    case "path" -> PathBench.of(options).run();
                    case "clients" -> PathBench.ofClients(options).run();
                    default -> throw new IllegalArgumentException("there is no measurement '" + args[0] + "'");
                };
        report.finish(options.work());
        System.exit(report.reached() ? 0 : 1);
    }
}
