/** Runs the {@code test} declarations of rule files in virtual time, against devices that do as they are told. */
@NullMarked
package org.fieldhouse.rules.test;

import org.jspecify.annotations.NullMarked;
