package org.fieldhouse.rules.program;

/** A named value given to a command, an action or asked of an event. */
public record Param(String name, Val value) {}
