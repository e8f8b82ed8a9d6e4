package org.fieldhouse.rules.engine;

import java.util.Map;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Code.Head;
import org.fieldhouse.rules.syntax.ast.Decl;

/** What a trigger sets off. */
interface Triggered {
    Engine engine();

    /** The declaration that has the trigger. */
    Head head();

    /** What to do about a moment that was missed. */
    Decl.Outage outage();

    /** A trigger fired, with the payload of its event. */
    void fire(Map<String, Value> arguments);
}
