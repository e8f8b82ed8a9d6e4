/** The process: command line, home directory, start list, framework, exit code. */
@NullMarked
package org.fieldhouse.launcher;

import org.jspecify.annotations.NullMarked;
