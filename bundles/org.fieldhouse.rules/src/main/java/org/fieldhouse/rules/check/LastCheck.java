package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.syntax.ParseResult;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.RuleFile;

/**
 * What the last check of some files found out, so that the next one, after an edit, need not do it again: the trees of the files,
 * the hashes of their declarations, and what is known of those with which nothing is wrong. Holds what the last check needed, and
 * nothing else. Any thread.
 */
public final class LastCheck {
    private final Function<Decl, String> content;
    private Map<SourceFile, ParseResult> parsed = new HashMap<>();
    private Map<Decl, String> hashes = new IdentityHashMap<>();
    private Verdicts verdicts = new Verdicts(new Meaning(HouseModel.EMPTY, Set.of(), Set.of()));

    /** Nothing yet. */
    public LastCheck() {
        this(ContentHash::of);
    }

    private LastCheck(Function<Decl, String> content) {
        this.content = content;
    }

    /**
     * Nothing yet, for a program that no other one follows: nobody has to know whether a declaration still says the same, and finding
     * out is a fifth of the work on a cold JVM. All declarations have the same {@link CheckedDecl#hash}.
     */
    public static LastCheck ofOnly() {
        return new LastCheck(decl -> "");
    }

    private record Read(ParseResult parsed, Map<Decl, String> hashes) {}

    private Read read(SourceFile file) {
        ParseResult parsed = RuleParser.parse(file);
        Map<Decl, String> hashes = new IdentityHashMap<>();
        parsed.file().declarations().forEach(decl -> hashes.put(decl, content.apply(decl)));
        return new Read(parsed, hashes);
    }

    /** Does what concerns each of the rule files among those alone, for the check that follows. */
    public synchronized void parse(List<SourceFile> files, Crew crew) {
        List<SourceFile> rules =
                files.stream().filter(file -> !RuleCompiler.isCalendar(file)).toList();
        List<Read> results = crew.map(rules, this::read);
        for (int i = 0; i < results.size(); i++) {
            parsed.put(rules.get(i), results.get(i).parsed());
            hashes.putAll(results.get(i).hashes());
        }
    }

    /** The results in the order of the files. */
    synchronized List<ParseResult> parse(List<SourceFile> files) {
        Map<SourceFile, ParseResult> now = new HashMap<>();
        List<ParseResult> results = files.stream()
                .map(file -> now.computeIfAbsent(file, f -> {
                    ParseResult known = parsed.get(f);
                    return known == null ? sameTrees(RuleParser.parse(f)) : known;
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

    /** Declarations that the edit did not touch, and that stand where they stood, are the trees that they were. */
    private ParseResult sameTrees(ParseResult edited) {
        String path = edited.file().path();
        Map<String, Decl> before = new HashMap<>();
        parsed.forEach((file, result) -> {
            if (file.path().equals(path)) {
                result.file().declarations().forEach(decl -> before.put(decl.kind() + " " + decl.key(), decl));
            }
        });
        List<Decl> same = new ArrayList<>();
        for (Decl decl : edited.file().declarations()) {
            Decl old = before.get(decl.kind() + " " + decl.key());
            same.add(decl.equals(old) ? old : decl);
        }
        return new ParseResult(new RuleFile(path, same), edited.diagnostics());
    }

    /** See {@link ContentHash}. */
    synchronized String hash(Decl decl) {
        return hashes.computeIfAbsent(decl, content);
    }

    /** What is known of declarations where names mean that. */
    synchronized Verdicts verdicts(Meaning now) {
        return verdicts.under(now);
    }

    synchronized void verdicts(Verdicts now) {
        verdicts = now;
    }
}
