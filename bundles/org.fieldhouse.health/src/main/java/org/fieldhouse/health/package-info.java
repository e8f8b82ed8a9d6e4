/**
 * GET /health: whether the house is ready, and if not, why.
 *
 * <p>Any bundle adds a check by registering a {@link org.apache.felix.hc.api.HealthCheck} with {@code
 * hc.tags=fieldhouse}. Checks run on a request, never by themselves; each must answer within a few milliseconds. A warning is told and leaves the house ready.
 */
@NullMarked
package org.fieldhouse.health;

import org.jspecify.annotations.NullMarked;
