package org.fieldhouse.features;

import java.util.List;
import org.fieldhouse.api.feature.Reason;

/** A change cannot be made; nothing was touched, or everything was put back. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    final transient List<Reason> reasons;

    Refusal(List<Reason> reasons) {
        super(reasons.toString(), null, false, false);
        this.reasons = List.copyOf(reasons);
    }

    Refusal(String code, String subject, String message, String cure) {
        this(List.of(new Reason(code, subject, message, cure)));
    }
}
