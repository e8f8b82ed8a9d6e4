/** Who may use the console: the administrator, log-in, sessions, and what a browser may be made to do. */
@NullMarked
package org.fieldhouse.webconsole.login;

import org.jspecify.annotations.NullMarked;
