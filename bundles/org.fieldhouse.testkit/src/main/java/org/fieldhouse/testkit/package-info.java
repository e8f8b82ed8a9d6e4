/** What a binding's tests stand on: {@link org.fieldhouse.testkit.BindingContract} first. Never shipped. */
@NullMarked
package org.fieldhouse.testkit;

import org.jspecify.annotations.NullMarked;
