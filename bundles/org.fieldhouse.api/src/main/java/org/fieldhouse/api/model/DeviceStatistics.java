package org.fieldhouse.api.model;

/**
 * What went wrong at one device since the start, or since it was last added; exact.
 *
 * @param malformed inputs that could not be understood, and values that do not fit their point
 * @param lastMalformed what was wrong with the last of them; empty if there was none
 * @param undescribed reports of points that the device had not described
 * @param openings tries to open it
 * @param failures openings that failed, or were lost later
 */
public record DeviceStatistics(long malformed, String lastMalformed, long undescribed, long openings, long failures) {
    public static final DeviceStatistics NONE = new DeviceStatistics(0, "", 0, 0, 0);
}
