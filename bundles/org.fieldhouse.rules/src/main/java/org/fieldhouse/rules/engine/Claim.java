package org.fieldhouse.rules.engine;

import org.fieldhouse.api.model.PointId;

/** A slot of a point that a declaration fills. */
record Claim(PointId point, int slot) {}
