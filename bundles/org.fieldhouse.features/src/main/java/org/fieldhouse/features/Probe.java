package org.fieldhouse.features;

/** Is told before every write, rename and bundle operation, so that a test can end the process there. */
interface Probe {
    Probe NONE = step -> {};

    void at(String step);
}
