/**
 * The shell of a running house, on a Unix domain socket in its data directory.
 *
 * <p>Protocol, UTF-8: the client's first line is {@code interactive} or {@code batch}, each further line a command.
 * What comes back is output. In batch the output ends with EOT (U+0004) and {@code 0} or {@code 1}: whether every
 * command succeeded. A client too many is told so in the same way, whatever it asks for, and nothing of it is read.
 */
@NullMarked
package org.fieldhouse.shell.local;

import org.jspecify.annotations.NullMarked;
