package org.fieldhouse.importer;

import java.util.List;

/** A language of rules that is not ours. */
interface Source {
    /**
     * Translates a file.
     *
     * @throws Nodes.NotYaml if the file as a whole cannot be read
     */
    List<Draft> read(String file, String text) throws Nodes.NotYaml;
}
