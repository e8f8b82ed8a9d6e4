package org.fieldhouse.api.feature;

/**
 * How the process of an isolated feature is.
 *
 * @param feature its name
 * @param pid of the operating system; 0 if there is no process now
 * @param usedMegabytes what the process has in memory, MiB; 0 if it is not known
 * @param limitMegabytes what it may have, MiB; above that it is ended
 * @param restarts since the house started
 * @param trouble why it does not run now, for people; empty if it runs
 * @param givenUp whether it is not started again until somebody asks for it
 */
public record IsolatedProcess(
        String feature,
        long pid,
        int usedMegabytes,
        int limitMegabytes,
        int restarts,
        String trouble,
        boolean givenUp) {
    @Override
    public String toString() {
        String how = pid == 0
                ? trouble
                : "pid " + pid + ", " + (usedMegabytes == 0 ? "" : usedMegabytes + " of ") + limitMegabytes + " MB";
        return how + (restarts == 0 ? "" : ", " + restarts + (restarts == 1 ? " restart" : " restarts"));
    }
}
