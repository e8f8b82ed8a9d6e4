package org.fieldhouse.api.rules;

/** What an operator does with an alarm (ANSI/ISA-18.2-2016, clause 5 and figure 2). */
public enum AlarmAct {
    /** Has seen it. */
    ACKNOWLEDGE,
    /** Does not want to see it for a while; it comes back by itself. */
    SHELVE,
    /** Wants to see it again. */
    UNSHELVE,
    /** Logic outside the rule files says that it means nothing now (designed suppression). */
    SUPPRESS,
    /** That is over. */
    UNSUPPRESS,
    /** Takes it out of service, for maintenance: until it is put back. */
    OUT_OF_SERVICE,
    /** Puts it back. */
    IN_SERVICE
}
