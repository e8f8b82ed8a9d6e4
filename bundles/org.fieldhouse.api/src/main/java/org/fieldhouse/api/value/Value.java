package org.fieldhouse.api.value;

/**
 * What a point can carry. Immutable; equality is by content. The family is closed so that every reader can switch over it
 * exhaustively and the journal can encode it without reflection.
 */
public sealed interface Value permits Bool, Quantity, Text, Choice, Moment, Colour {

    /** The member of the family, for tables and specifications that have no value at hand. */
    ValueKind kind();
}
