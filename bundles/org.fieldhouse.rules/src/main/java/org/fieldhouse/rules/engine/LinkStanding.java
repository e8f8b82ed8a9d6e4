package org.fieldhouse.rules.engine;

import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.event.Cause.RuleRef;

/**
 * A link that may run in the machines themselves.
 *
 * @param name of the declaration
 * @param atDevice whether it does now
 */
public record LinkStanding(String name, DirectLink link, boolean atDevice, RuleRef rule) {}
