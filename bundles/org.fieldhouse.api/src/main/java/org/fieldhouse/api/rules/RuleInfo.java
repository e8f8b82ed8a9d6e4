package org.fieldhouse.api.rules;

import org.fieldhouse.api.config.SourceSpan;

/**
 * A declaration in force.
 *
 * @param kind its keyword: {@code rule}, {@code control} …
 * @param name its name; for a control the point it holds
 * @param place where it is written
 * @param runs how often it was triggered since it was first loaded
 * @param lastSequence the event that last triggered it; 0 for none
 * @param waiting instances that wait now
 * @param detail for people: what it waits for and until when, or what it holds
 */
public record RuleInfo(
        String kind, String name, SourceSpan place, long runs, long lastSequence, int waiting, String detail) {}
