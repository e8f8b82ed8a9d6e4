/** What the rule engine offers to shell, console and tests, and functions that bundles contribute to the language. */
@NullMarked
@Export
@Version("1.1.0")
package org.fieldhouse.api.rules;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
