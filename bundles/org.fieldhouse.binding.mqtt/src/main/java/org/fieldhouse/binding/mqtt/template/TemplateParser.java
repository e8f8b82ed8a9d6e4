package org.fieldhouse.binding.mqtt.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.binding.mqtt.template.Template.Node;
import org.fieldhouse.binding.mqtt.template.Template.Piece;
import org.fieldhouse.binding.mqtt.template.Token.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads a template by recursive descent, in the order of precedence of Jinja (template designer documentation, "Expressions"):
 * {@code if-else, or, and, not, comparison, + -, ~, * / // %, **, filters, unary -, members}.
 */
final class TemplateParser {
    private static final int MAX_DEPTH = 60;

    private final List<Token> tokens;
    private final Set<String> names;
    private int at;
    private int depth;

    TemplateParser(String text, Set<String> variables) throws TemplateException {
        tokens = new TemplateLexer(text).tokens();
        names = new HashSet<>(variables);
    }

    List<Piece> template() throws TemplateException {
        List<Piece> pieces = pieces();
        if (peek().kind() != Kind.END) {
            throw unexpected();
        }
        return pieces;
    }

    // ---- text and statements

    /** Up to the end, or a statement that closes a block. */
    private List<Piece> pieces() throws TemplateException {
        List<Piece> out = new ArrayList<>();
        while (true) {
            Token t = peek();
            switch (t.kind()) {
                case TEXT -> {
                    at++;
                    out.add((scope, sb) -> sb.append(t.text()));
                }
                case OPEN_PRINT -> {
                    at++;
                    Node value = expression();
                    expect(Kind.CLOSE_PRINT);
                    out.add((scope, sb) -> sb.append(scope.made(Operators.text(value.eval(scope)))));
                }
                case OPEN_STATEMENT -> {
                    Token word = tokens.get(at + 1);
                    if (word.is("elif") || word.is("else") || word.is("endif")) {
                        return out;
                    }
                    at++;
                    out.add(statement());
                }
                default -> {
                    return out;
                }
            }
        }
    }

    private Piece statement() throws TemplateException {
        Token word = next();
        if (word.is("if")) {
            return condition();
        }
        if (word.is("set")) {
            String name = expect(Kind.NAME).text();
            expect("=");
            Node value = expression();
            expect(Kind.CLOSE_STATEMENT);
            names.add(name);
            return (scope, sb) -> scope.put(name, value.eval(scope));
        }
        throw new TemplateException("statement '" + word.text() + "'");
    }

    private Piece condition() throws TemplateException {
        descend();
        Node test = expression();
        expect(Kind.CLOSE_STATEMENT);
        List<Piece> then = pieces();
        List<Piece> otherwise = List.of();
        expect(Kind.OPEN_STATEMENT);
        Token word = next();
        if (word.is("elif")) {
            otherwise = List.of(condition());
        } else {
            if (word.is("else")) {
                expect(Kind.CLOSE_STATEMENT);
                otherwise = pieces();
                expect(Kind.OPEN_STATEMENT);
                word = next();
            }
            if (!word.is("endif")) {
                throw new TemplateException("'if' without 'endif'");
            }
            expect(Kind.CLOSE_STATEMENT);
        }
        depth--;
        List<Piece> no = otherwise;
        return (scope, sb) -> {
            for (Piece p : Operators.truth(test.eval(scope)) ? then : no) {
                p.render(scope, sb);
            }
        };
    }

    // ---- expressions

    private Node expression() throws TemplateException {
        descend();
        Node value = or();
        if (take("if")) {
            Node test = or();
            Node otherwise = take("else") ? expression() : scope -> Operators.UNDEFINED;
            Node yes = value;
            value = scope -> Operators.truth(test.eval(scope)) ? yes.eval(scope) : otherwise.eval(scope);
        }
        depth--;
        return value;
    }

    private Node or() throws TemplateException {
        Node left = and();
        while (take("or")) {
            Node a = left;
            Node b = and();
            left = scope -> {
                Object v = a.eval(scope);
                return Operators.truth(v) ? v : b.eval(scope);
            };
        }
        return left;
    }

    private Node and() throws TemplateException {
        Node left = not();
        while (take("and")) {
            Node a = left;
            Node b = not();
            left = scope -> {
                Object v = a.eval(scope);
                return Operators.truth(v) ? b.eval(scope) : v;
            };
        }
        return left;
    }

    private Node not() throws TemplateException {
        if (take("not")) {
            descend();
            Node value = not();
            depth--;
            return scope -> !Operators.truth(value.eval(scope));
        }
        return comparison();
    }

    /** A chain as in Python: {@code 0 < x < 9} is {@code 0 < x and x < 9}. */
    private Node comparison() throws TemplateException {
        Node value = sum();
        Node left = value;
        for (boolean first = true; ; first = false) {
            Token t = peek();
            boolean negated = t.is("not") && tokens.get(at + 1).is("in");
            if (negated) {
                at++;
                t = peek();
            }
            String sign = t.text();
            if (t.kind() == Kind.SIGN
                            && Set.of("==", "!=", "<", "<=", ">", ">=").contains(sign)
                    || t.is("in")) {
                at++;
                Node a = left;
                Node b = sum();
                Node link = scope -> Operators.compare(sign, a.eval(scope), b.eval(scope)) != negated;
                Node before = value;
                value = first ? link : scope -> Operators.truth(before.eval(scope)) ? link.eval(scope) : false;
                left = b;
            } else {
                return value;
            }
        }
    }

    private Node sum() throws TemplateException {
        Node left = concatenation();
        while (peek().is("+") || peek().is("-")) {
            left = binary(left, next().text(), concatenation());
        }
        return left;
    }

    private Node concatenation() throws TemplateException {
        Node left = product();
        while (take("~")) {
            Node a = left;
            Node b = product();
            left = scope -> scope.made(Operators.text(a.eval(scope)) + Operators.text(b.eval(scope)));
        }
        return left;
    }

    private Node product() throws TemplateException {
        Node left = power();
        while (peek().is("*") || peek().is("/") || peek().is("//") || peek().is("%")) {
            left = binary(left, next().text(), power());
        }
        return left;
    }

    private static Node binary(Node a, String sign, Node b) {
        return scope -> {
            Object result = Operators.arithmetic(sign, a.eval(scope), b.eval(scope));
            return result instanceof String ? scope.made(result) : result;
        };
    }

    /** From the left, and of the signed value, other than in Python: {@code -2 ** 2} is 4. */
    private Node power() throws TemplateException {
        Node left = unary(true);
        while (take("**")) {
            left = binary(left, "**", unary(true));
        }
        return left;
    }

    /** A filter is of the signed value: {@code -5 | abs} is 5. */
    private Node unary(boolean filtered) throws TemplateException {
        Node base;
        if (peek().is("-") || peek().is("+")) {
            String sign = next().text();
            descend();
            Node value = unary(false);
            depth--;
            base = scope -> Operators.arithmetic(sign, 0L, value.eval(scope));
        } else {
            base = primary();
        }
        base = postfix(base);
        return filtered ? filters(base) : base;
    }

    private Node filters(Node base) throws TemplateException {
        Node value = base;
        while (true) {
            if (take("|")) {
                String name = expect(Kind.NAME).text();
                List<Node> arguments = peek().is("(") ? arguments() : List.of();
                value = Filters.filter(name, value, arguments);
            } else if (take("is")) {
                boolean negated = take("not");
                String test = expect(Kind.NAME).text();
                value = Filters.test(test, value, negated);
            } else {
                return value;
            }
        }
    }

    private Node postfix(Node base) throws TemplateException {
        Node value = base;
        while (true) {
            Node of = value;
            if (take(".")) {
                Token name = next();
                if (name.kind() != Kind.NAME && name.kind() != Kind.NUMBER) {
                    throw unexpected();
                }
                Object key = name.kind() == Kind.NAME ? name.text() : (Object) number(name.text());
                value = peek().is("(")
                        ? Filters.method(name.text(), of, arguments())
                        : scope -> Operators.member(of.eval(scope), key);
            } else if (take("[")) {
                Node key = expression();
                expect("]");
                value = scope -> Operators.member(of.eval(scope), key.eval(scope));
            } else {
                return value;
            }
        }
    }

    private List<Node> arguments() throws TemplateException {
        expect("(");
        List<Node> out = new ArrayList<>();
        while (!take(")")) {
            if (!out.isEmpty()) {
                expect(",");
            }
            // The one keyword argument met in the wild: float(default=0), round(precision=1).
            if (peek().kind() == Kind.NAME && tokens.get(at + 1).is("=")) {
                if (!peek().is("default") && !peek().is("precision") || !out.isEmpty()) {
                    throw new TemplateException("argument '" + peek().text() + "='");
                }
                at += 2;
            }
            out.add(expression());
        }
        return out;
    }

    private Node primary() throws TemplateException {
        Token t = next();
        return switch (t.kind()) {
            case STRING -> scope -> t.text();
            case NUMBER -> {
                Object n = number(t.text());
                yield scope -> n;
            }
            case NAME -> name(t.text());
            case SIGN -> sign(t);
            default -> throw new TemplateException("unexpected " + shown(t));
        };
    }

    private Node sign(Token t) throws TemplateException {
        if (t.is("(")) {
            Node inner = expression();
            expect(")");
            return inner;
        }
        if (t.is("[")) {
            List<Node> items = new ArrayList<>();
            while (!take("]")) {
                if (!items.isEmpty()) {
                    expect(",");
                    if (take("]")) {
                        break;
                    }
                }
                items.add(expression());
            }
            return scope -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Node item : items) {
                    out.add(scope.made(item.eval(scope)));
                }
                return out;
            };
        }
        if (t.is("{")) {
            return map();
        }
        throw new TemplateException("unexpected " + shown(t));
    }

    private Node map() throws TemplateException {
        Map<Node, Node> entries = new LinkedHashMap<>();
        while (!take("}")) {
            if (!entries.isEmpty()) {
                expect(",");
                if (take("}")) {
                    break;
                }
            }
            Node key = expression();
            expect(":");
            entries.put(key, expression());
        }
        return scope -> {
            Map<@Nullable Object, @Nullable Object> out = new LinkedHashMap<>();
            for (Map.Entry<Node, Node> e : entries.entrySet()) {
                out.put(
                        Operators.key(scope.made(e.getKey().eval(scope))),
                        scope.made(e.getValue().eval(scope)));
            }
            return out;
        };
    }

    private Node name(String name) throws TemplateException {
        switch (name) {
            case "true", "True":
                return scope -> true;
            case "false", "False":
                return scope -> false;
            case "none", "None":
                return scope -> null;
            case "null": // no literal of Jinja: an undefined name, met as a key of maps
                return scope -> Operators.UNDEFINED;
            default:
        }
        if (peek().is("(") && !names.contains(name)) {
            return Filters.function(name, arguments());
        }
        if (!names.contains(name)) {
            throw new TemplateException("name '" + name + "'");
        }
        return scope -> scope.get(name);
    }

    private static Object number(String text) throws TemplateException {
        try {
            return text.chars().allMatch(Character::isDigit)
                    ? (Object) Long.parseLong(text)
                    : (Object) Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TemplateException("number " + text);
        }
    }

    // ---- tokens

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() throws TemplateException {
        Token t = tokens.get(at);
        if (t.kind() == Kind.END) {
            throw unexpected();
        }
        at++;
        return t;
    }

    private boolean take(String sign) {
        if (peek().is(sign)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String sign) throws TemplateException {
        if (!take(sign)) {
            throw unexpected();
        }
    }

    private Token expect(Kind kind) throws TemplateException {
        if (peek().kind() != kind) {
            throw unexpected();
        }
        return next();
    }

    private void descend() throws TemplateException {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException("nested deeper than " + MAX_DEPTH);
        }
    }

    private TemplateException unexpected() {
        return new TemplateException("unexpected " + shown(peek()));
    }

    private static String shown(Token t) {
        return t.kind() == Kind.END ? "end" : "'" + t.text() + "'";
    }
}
