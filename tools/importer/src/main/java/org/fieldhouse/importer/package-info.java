/** Makes rule files from the automations of Home Assistant and the rules of openHAB. A tool of the command line: no house runs it. */
@NullMarked
package org.fieldhouse.importer;

import org.jspecify.annotations.NullMarked;
