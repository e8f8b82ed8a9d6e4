/** Parts of the rules that are measured by themselves. */
@NullMarked
package org.fieldhouse.rules.service;

import org.jspecify.annotations.NullMarked;
