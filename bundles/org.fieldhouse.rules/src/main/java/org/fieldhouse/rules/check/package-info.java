/** Checks rule files against the house: names, types and units, and what the language promises before a rule may run. */
@NullMarked
package org.fieldhouse.rules.check;

import org.jspecify.annotations.NullMarked;
