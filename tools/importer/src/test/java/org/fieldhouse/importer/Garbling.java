package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes something else of a text: pieces are lost, doubled, moved or made of nonsense. */
final class Garbling {
    private static final String NONSENSE = "\"'{}[]()<>:;,|&!?#*`\\\n\t\0 aZ09.\u00e9\u2028-=";

    private Garbling() {}

    static String garbled(String text, Random random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(lines.size());
            switch (random.nextInt(3)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                default -> Collections.swap(lines, at, random.nextInt(lines.size()));
            }
        }
        StringBuilder out = new StringBuilder(String.join("\n", lines) + "\n");
        for (int n = random.nextInt(12); n > 0; n--) {
            int at = random.nextInt(out.length());
            char c = NONSENSE.charAt(random.nextInt(NONSENSE.length()));
            switch (random.nextInt(3)) {
                case 0 -> out.setCharAt(at, c);
                case 1 -> out.insert(at, c);
                default -> out.deleteCharAt(at);
            }
        }
        return random.nextInt(10) == 0 ? out.substring(0, random.nextInt(out.length())) : out.toString();
    }
}
