package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.Stmt;

/**
 * What names and expressions mean in a set of files that was checked, whether it has errors or not: for editors, which ask about
 * text that is being written. Not thread-safe for concurrent writers, but nothing writes to it: any thread may read.
 */
public final class NameTable {
    /**
     * A declaration and its file, errors or not.
     *
     * @param file path of the file
     */
    public record Declared(Decl decl, String file) {}

    private final Scope scope;
    private final List<Declared> declarations;

    NameTable(Scope scope, List<Declared> declarations) {
        this.scope = scope;
        this.declarations = List.copyOf(declarations);
    }

    /** The house, devices that the files expect included. */
    public HouseModel model() {
        return scope.model();
    }

    /** All declarations, by file and then in the order of the text; those with syntax errors are {@code Decl.Broken}. */
    public List<Declared> declarations() {
        return declarations;
    }

    /** The variable, counter or group of that name. */
    public Optional<Decl> value(String name) {
        return Optional.ofNullable(scope.value(name));
    }

    /** The values of a variable or counter; empty if it has an error of its own, or is something else. */
    public Optional<ValueSpec> spec(Decl decl) {
        return Optional.ofNullable(scope.spec(decl));
    }

    /**
     * What a path and its member mean where a value may stand; empty if they mean nothing.
     *
     * @param path without back-quotes
     * @param member empty for none
     */
    public Optional<Resolution> resolve(String path, String member) {
        Name name = new Name(path, Span.NONE);
        Ref ref = new Ref(name, member.isEmpty() ? null : new Name(member, Span.NONE), Span.NONE);
        return Optional.ofNullable(new Resolver(scope, new Facts(), nowhere()).value(ref));
    }

    /** What the values of a resolved name can be; empty for what has none. The members of a group stand for it. */
    public static Optional<ValueSpec> valuesOf(Resolution resolution) {
        if (resolution instanceof Resolution.OfGroup group) {
            return group.members().stream().findFirst().flatMap(NameTable::valuesOf);
        }
        return Optional.ofNullable(ExprChecker.specOf(resolution));
    }

    /** The type of what that specification allows. */
    public static Type typeOf(ValueSpec spec) {
        return Types.of(spec);
    }

    /**
     * The type of an expression as text; {@link Type#UNKNOWN} if it cannot be read or means nothing.
     *
     * @param locals the {@code let}s in sight with their expressions as text, in order
     */
    public Type type(String expression, Map<String, String> locals) {
        Facts facts = new Facts();
        Findings findings = nowhere();
        Resolver names = new Resolver(scope, facts, findings);
        ExprChecker exprs = new ExprChecker(names, facts, findings);
        new LinkedHashMap<>(locals)
                .forEach((name, text) -> RuleParser.expression(text).ifPresent(value -> {
                    exprs.check(value, null);
                    names.declare(new Stmt.Let(new Name(name, Span.NONE), value, Span.NONE));
                }));
        Optional<Expr> parsed = RuleParser.expression(expression);
        if (parsed.isEmpty()) {
            return Type.UNKNOWN;
        }
        return parsed.get() instanceof Expr.Use use && names.value(use.ref()) instanceof Resolution.OfGroup group
                ? valuesOf(group).map(Types::of).orElse(Type.UNKNOWN)
                : exprs.check(parsed.get(), null);
    }

    /** In words for a person: {@code one of heat, cool}, {@code °C (temperature)}. */
    public static String describe(Type type) {
        return Types.describe(type);
    }

    /** The kinds of devices that {@code expect} knows. */
    public static Set<String> kinds() {
        return Catalogue.names();
    }

    /** What a device of that kind has. */
    public static Optional<DeviceDescription> kind(String name) {
        return Catalogue.find(name);
    }

    /** The names of the colours. */
    public static List<String> colours() {
        return List.copyOf(Literals.colours());
    }

    /** The built-in functions. */
    public static List<String> functions() {
        return Arithmetic.functions();
    }

    /** The classes of commands, strongest first. */
    public static List<String> classes() {
        return DeclChecker.CLASSES;
    }

    private static Findings nowhere() {
        return new Findings(new SourceFile("", ""));
    }

    static List<Declared> declared(List<Declarations.Placed> placed) {
        List<Declared> all = new ArrayList<>();
        placed.forEach(
                each -> all.add(new Declared(each.decl(), each.findings().file().path())));
        return all;
    }
}
