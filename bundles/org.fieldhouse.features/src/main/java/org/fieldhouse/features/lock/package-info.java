/** What is installed, as text: pure, without a framework, for the launcher and for the service alike. */
@NullMarked
package org.fieldhouse.features.lock;

import org.jspecify.annotations.NullMarked;
