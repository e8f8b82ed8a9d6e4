/** What happens in the house, in a terminal: frame, event, rule, command, confirmation. */
@NullMarked
package org.fieldhouse.demo.view;

import org.jspecify.annotations.NullMarked;
