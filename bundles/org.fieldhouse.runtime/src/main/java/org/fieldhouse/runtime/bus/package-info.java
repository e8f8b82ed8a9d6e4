/** The event bus: mailboxes, the sequencer, subscriptions. Nothing here knows OSGi but the {@code …Component} classes. */
@NullMarked
package org.fieldhouse.runtime.bus;

import org.jspecify.annotations.NullMarked;
