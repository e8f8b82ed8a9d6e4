package org.fieldhouse.isolation;

import java.time.Duration;

/**
 * How long it is borne with.
 *
 * @param start for the bundles of a process to start
 * @param silence without an answer, after which a process is ended
 * @param firstPause before a process that died is started again; doubled each time
 * @param lastPause at most
 * @param stable alive for so long, it counts as well
 * @param most deaths in a row; then it is given up
 * @param healthy for devices to be online again after an update
 */
record Patience(
        Duration start,
        Duration silence,
        Duration firstPause,
        Duration lastPause,
        Duration stable,
        int most,
        Duration healthy) {}
