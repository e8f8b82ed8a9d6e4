/** Events: immutable facts in the past tense, numbered by one sequencer, each with its cause. */
@NullMarked
@Export
@Version("1.1.0")
package org.fieldhouse.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
