/**
 * The rules in the container: drives the engine from the bus, sends what it puts out, keeps its snapshots, and answers why. The
 * engine itself knows nothing of it.
 */
@NullMarked
package org.fieldhouse.rules.service;

import org.jspecify.annotations.NullMarked;
