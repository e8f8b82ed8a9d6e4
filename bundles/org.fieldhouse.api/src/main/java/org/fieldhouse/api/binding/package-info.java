/** What a binding implements, and what the runtime gives it. Start at {@link org.fieldhouse.api.binding.Binding}. */
@NullMarked
@Export
@Version("1.3.0")
package org.fieldhouse.api.binding;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
