package org.fieldhouse.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;

/**
 * Lets through what comes from OSGi's log service. The Felix bundle that brings it (org.apache.felix.logback 1.0.6, the last one) makes events
 * of its own, without the context in which logback since 1.4 looks for the MDC: each of them failed in the appender, silently.
 */
final class ContainersEvents extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event instanceof LoggingEvent made && made.getClass() != LoggingEvent.class) {
            try {
                made.setMDCPropertyMap(Map.of());
            } catch (IllegalStateException e) {
                return FilterReply.NEUTRAL; // another appender has had it before
            }
        }
        return FilterReply.NEUTRAL;
    }
}
