package org.fieldhouse.rules.syntax.ast;

/** {@code Living.Lamp.brightness = 40 %} in a scene, a keep, a test. */
public record Assignment(Ref target, Expr value, Span span) implements Node {}
