package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/** Checks what actions of devices and functions of bundles are given. */
final class Arguments {
    private final Scope scope;
    private final ExprChecker exprs;
    private final Facts facts;
    private final Findings findings;

    Arguments(Scope scope, ExprChecker exprs, Facts facts, Findings findings) {
        this.scope = scope;
        this.exprs = exprs;
        this.facts = facts;
        this.findings = findings;
    }

    /** A function that a statement calls; null if there is none of that name, which is reported then. */
    @Nullable
    FunctionSpec action(Node call, Name name, List<Arg> args, Span span) {
        FunctionSpec spec = scope.model().function(name.text()).orElse(null);
        if (spec == null) {
            unknown(name, args, scope.functionNames());
            return null;
        }
        called(call, spec, args, span);
        return spec;
    }

    /** A function in an expression. */
    Type pure(Expr.Call call) {
        FunctionSpec spec = scope.model().function(call.function().text()).orElse(null);
        if (spec == null) {
            Set<String> known = new TreeSet<>(scope.functionNames());
            known.addAll(Arithmetic.FUNCTIONS.keySet());
            unknown(call.function(), call.args(), known);
            return Type.UNKNOWN;
        }
        called(call, spec, call.args(), call.span());
        if (!spec.isPure()) {
            String answer = spec.result() == null ? "" : ", or let X = call " + spec.name() + "(…)";
            findings.add(
                    Code.E106,
                    call.function().span(),
                    spec.name() + " does something; it cannot stand in an expression",
                    "write call " + spec.name() + "(…)" + answer);
            return Type.UNKNOWN;
        }
        return spec.result() == null ? Type.UNKNOWN : Types.of(spec.result());
    }

    private void called(Node call, FunctionSpec spec, List<Arg> args, Span span) {
        facts.resolutions.put(call, new Resolution.OfFunction(spec));
        check(args, span, spec.name(), spec.parameters());
    }

    private void unknown(Name name, List<Arg> args, Set<String> known) {
        args.forEach(arg -> exprs.check(arg.value(), null));
        String help = Suggestions.didYouMean(name.text(), known);
        String all = known.isEmpty() ? "no bundle brings one" : "known are " + String.join(", ", known);
        findings.add(
                Code.E104,
                name.span(),
                "unknown function " + name.text(),
                help.isEmpty() ? all + "; actions of devices are called as Device.action(…)" : help);
    }

    /** By position and by name, each once, of its type; none that is required may be missing. */
    void check(List<Arg> args, Span span, String what, List<ArgumentSpec> specs) {
        Set<String> given = new HashSet<>();
        int position = 0;
        for (Arg arg : args) {
            Name name = arg.name();
            ArgumentSpec spec = name == null
                    ? position < specs.size() ? specs.get(position) : null
                    : specs.stream()
                            .filter(each -> each.name().equals(name.text()))
                            .findFirst()
                            .orElse(null);
            position++;
            if (spec == null) {
                List<String> known = new ArrayList<>();
                specs.forEach(each -> known.add(each.name()));
                String help = name == null ? "" : Suggestions.didYouMean(name.text(), known);
                findings.add(
                        Code.E105,
                        arg.span(),
                        what + (name == null ? " takes only " + specs.size() + " values" : " takes no " + name.text()),
                        help.isEmpty() && !known.isEmpty() ? "it takes " + String.join(", ", known) : help);
                exprs.check(arg.value(), null);
            } else if (!given.add(spec.name())) {
                findings.add(Code.E105, arg.span(), spec.name() + " is given twice", "keep one");
            } else {
                facts.resolutions.put(arg, new Resolution.OfParameter(spec));
                exprs.value(arg.value(), spec.value(), spec.name());
            }
        }
        for (ArgumentSpec spec : specs) {
            if (spec.required() && !given.contains(spec.name())) {
                findings.add(
                        Code.E105,
                        span,
                        what + " needs " + spec.name(),
                        spec.name() + " is " + spec.value().describe());
            }
        }
    }
}
