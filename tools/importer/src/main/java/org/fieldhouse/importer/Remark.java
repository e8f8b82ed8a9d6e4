package org.fieldhouse.importer;

/**
 * What the importer has to say about a place of the original.
 *
 * @param line counts from 1
 */
record Remark(String file, int line, String text) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + text;
    }
}
