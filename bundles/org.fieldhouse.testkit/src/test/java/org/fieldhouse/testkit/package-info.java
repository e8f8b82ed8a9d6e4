/** Tests of the testkit. */
package org.fieldhouse.testkit;
