package org.fieldhouse.api.model;

/**
 * A named argument of an action, of a device's event, or a parameter of a write ({@code fade}).
 *
 * @param name see {@link Names#isMemberName}
 * @param value which values it can have
 * @param required whether it must be given
 */
public record ArgumentSpec(String name, ValueSpec value, boolean required) {}
