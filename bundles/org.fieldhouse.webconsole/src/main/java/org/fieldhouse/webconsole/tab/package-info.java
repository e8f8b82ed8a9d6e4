/** The console's tabs: pages made on the server, readable without JavaScript. */
@NullMarked
package org.fieldhouse.webconsole.tab;

import org.jspecify.annotations.NullMarked;
