/** The command router: validation, arbitration, and each command's way to its end. */
@NullMarked
package org.fieldhouse.runtime.command;

import org.jspecify.annotations.NullMarked;
