package org.fieldhouse.rules.check;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.rules.syntax.ParseResult;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;

/**
 * The trees of the files that were checked last, with the hashes of their declarations: when one of many files is saved, the others
 * are not parsed again. Holds what the last check needed, and nothing else. Any thread.
 */
public final class ParseCache {
    private Map<SourceFile, ParseResult> parsed = new HashMap<>();
    private Map<Decl, String> hashes = new IdentityHashMap<>();

    /** The results in the order of the files. */
    synchronized List<ParseResult> parse(List<SourceFile> files) {
        Map<SourceFile, ParseResult> now = new HashMap<>();
        List<ParseResult> results = files.stream()
                .map(file -> now.computeIfAbsent(file, f -> {
                    ParseResult known = parsed.get(f);
                    return known == null ? RuleParser.parse(f) : known;
                }))
                .toList();
        Map<Decl, String> kept = new IdentityHashMap<>();
        for (ParseResult result : results) {
            for (Decl decl : result.file().declarations()) {
                String hash = hashes.get(decl);
                if (hash != null) {
                    kept.put(decl, hash);
                }
            }
        }
        parsed = now;
        hashes = kept;
        return results;
    }

    /** See {@link ContentHash}. */
    synchronized String hash(Decl decl) {
        return hashes.computeIfAbsent(decl, ContentHash::of);
    }
}
