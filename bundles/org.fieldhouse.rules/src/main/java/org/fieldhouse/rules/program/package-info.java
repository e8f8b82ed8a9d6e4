/**
 * Rule files in executable form: conditions and expressions as trees of small final nodes, bodies as flat lists of
 * operations. Immutable; what changes while they run is in {@code org.fieldhouse.rules.engine}.
 */
@NullMarked
package org.fieldhouse.rules.program;

import org.jspecify.annotations.NullMarked;
