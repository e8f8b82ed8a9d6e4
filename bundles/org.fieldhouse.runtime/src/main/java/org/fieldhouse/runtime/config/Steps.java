package org.fieldhouse.runtime.config;

/** Is told before every step that the disk is to take, so that a test can cut the power there. */
interface Steps {
    Steps NONE = step -> {};

    void at(String step);
}
