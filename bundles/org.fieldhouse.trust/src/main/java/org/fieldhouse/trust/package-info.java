/**
 * What is let in. Before the feature manager installs anything, the {@link org.fieldhouse.api.feature.Vetting} steps of this bundle
 * look at it: who signed it ({@link org.fieldhouse.trust.SignatureVetting}), what it says it touches, and what its bytecode
 * touches ({@link org.fieldhouse.trust.PermissionVetting}). docs/SECURITY.md says what that is worth, and what it is not.
 *
 * <p>Everything here reads bytes from outside: all of it is bounded, and none of it loads a class of what it looks at.
 */
@NullMarked
package org.fieldhouse.trust;

import org.jspecify.annotations.NullMarked;
