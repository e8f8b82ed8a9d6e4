/** Commands for people, scope {@code fieldhouse}. They use the api's services alone, and no class of the shell's. */
@NullMarked
package org.fieldhouse.shell;

import org.jspecify.annotations.NullMarked;
