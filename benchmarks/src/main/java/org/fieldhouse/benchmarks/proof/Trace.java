package org.fieldhouse.benchmarks.proof;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.engine.Outputs;

/** What an engine put out, as lines that are the same on every machine, and their SHA-256. */
final class Trace implements Outputs {
    private final MessageDigest digest = sha256();
    private final StringBuilder lines = new StringBuilder();
    private long count;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void put(Output output) {
        count++;
        String line = text(output);
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        if (lines.length() < 1 << 22) {
            lines.append(line).append('\n');
        }
    }

    /** Maps of an output have no order of their own, so they are sorted. */
    static String text(Output output) {
        if (output instanceof Output.Send send) {
            String what = send.request().toString();
            if (send.request() instanceof Request.SetPoint set) {
                what = set.point() + "=" + set.value() + "@" + set.slot() + new TreeMap<>(set.parameters());
            } else if (send.request() instanceof Request.CallAction call) {
                what = call.device() + "." + call.action() + new TreeMap<>(call.arguments());
            }
            return "send " + what + " because of " + send.parent() + " by " + send.rule();
        }
        return output.toString();
    }

    void add(byte[] state) {
        digest.update(state);
    }

    /** Ends the trace. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    long count() {
        return count;
    }

    String lines() {
        return lines.toString();
    }
}
