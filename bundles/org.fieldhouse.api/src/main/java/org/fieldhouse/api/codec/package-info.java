/**
 * The vocabulary as bytes: one form for the journal and for the line to a process that runs an isolated feature. Not for what bindings
 * say to their machines. Readers trust nothing: whatever does not fit is a {@link org.fieldhouse.api.codec.ByteReader.CorruptException}
 * or an {@link IllegalArgumentException} of the type that would have been made.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.fieldhouse.api.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
