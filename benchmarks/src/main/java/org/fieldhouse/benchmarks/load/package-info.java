/** The load driver's tools: an open-loop schedule, a bare MQTT client, child processes and what the kernel says of them. */
@NullMarked
package org.fieldhouse.benchmarks.load;

import org.jspecify.annotations.NullMarked;
