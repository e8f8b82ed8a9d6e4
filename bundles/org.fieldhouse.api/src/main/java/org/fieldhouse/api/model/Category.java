package org.fieldhouse.api.model;

/** What a point is for; decides where it is shown and how long its history is kept. Append only: the order is a code. */
public enum Category {
    /** A measured value: temperature, power. */
    MEASUREMENT,
    /** What the device is doing: on, open, heating. */
    STATE,
    /** What it has been asked to hold: a target temperature. */
    SETPOINT,
    /** How it behaves: calibration, power-on behaviour. */
    CONFIGURATION,
    /** How it is: battery, link quality, firmware. */
    DIAGNOSTIC
}
