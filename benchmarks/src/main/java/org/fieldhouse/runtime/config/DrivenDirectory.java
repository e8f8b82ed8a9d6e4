package org.fieldhouse.runtime.config;

import java.nio.file.Path;
import java.util.List;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.host.DeviceHost;

/** The configuration directory of the container, without the container. */
public final class DrivenDirectory implements AutoCloseable {
    private final Directory directory;

    public DrivenDirectory(Path root, Path data, DeviceHost host, Ingress ingress) {
        directory = new Directory(root, data, host, ingress);
    }

    public void add(ConfigurationParticipant participant) {
        directory.add(participant);
    }

    /** Looks at the files now; returns when what is new is in force or refused. */
    public List<Problem> reload() {
        return directory.reload();
    }

    /** Returns when everything that it was asked before has been done, its own look at the files when it starts among that. */
    public void settle() {
        directory.kept();
    }

    public List<SourceFile> files() {
        return directory.files();
    }

    @Override
    public void close() {
        directory.close();
    }
}
