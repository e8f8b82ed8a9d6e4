/** The systems that are measured side by side, each a process of its own. */
@NullMarked
package org.fieldhouse.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
