/** The checker on the command line, for editors' save hooks and continuous integration. */
@NullMarked
package org.fieldhouse.rules.cli;

import org.jspecify.annotations.NullMarked;
