/** JSON as maps, lists, texts, numbers and booleans. */
@NullMarked
package org.fieldhouse.demo.json;

import org.jspecify.annotations.NullMarked;
