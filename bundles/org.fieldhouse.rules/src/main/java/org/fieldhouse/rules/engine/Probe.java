package org.fieldhouse.rules.engine;

import org.fieldhouse.rules.program.Code.Head;

/** Is told where an engine comes through; coverage counts by it. Must not change anything. */
@FunctionalInterface
public interface Probe {
    /** A trigger fired; the key of its edge follows. */
    String EDGE = "edge:";
    /** A rule or sequence ran, an alarm came forward, a link copied, a counter counted, an upload was sent, a scene was set. */
    String RAN = "ran";
    /** The condition of a rule, or the permissives of a sequence; {@link #TRUE} or {@link #FALSE} follows. */
    String CONDITION = "condition:";
    /** An operation with two ways on; its place and {@link #TRUE} or {@link #FALSE} follow. */
    String OPERATION = "operation:";
    /** A run failed and went on behind {@code on fail}. */
    String FAILED = "failed";
    /** What a control holds; the number of the branch follows. */
    String BRANCH = "branch:";
    /** What it holds when it fails, or when no branch holds. */
    String OTHERWISE = "otherwise";
    /** An alarm returned to normal. */
    String RETURNED = "returned";
    /** An alarm escalated; the number follows. */
    String ESCALATED = "escalated:";

    String TRUE = "true";
    String FALSE = "false";

    void reached(Head head, String what);
}
