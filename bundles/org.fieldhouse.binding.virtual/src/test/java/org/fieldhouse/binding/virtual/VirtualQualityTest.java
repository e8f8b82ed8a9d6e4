package org.fieldhouse.binding.virtual;

import org.fieldhouse.testkit.QualityContract;

/** What the README claims. */
class VirtualQualityTest extends QualityContract {}
