package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.bus.Origins;
import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The door of the configuration directory for one bundle: the author of a change comes from who holds it. */
@Component(scope = ServiceScope.BUNDLE)
public final class DirectoryService implements ConfigurationDirectory, Generations {
    private final Directory directory;
    private final String bundle;

    @Activate
    public DirectoryService(@Reference DirectoryComponent component, ComponentContext context) {
        this.directory = component.directory();
        Bundle user = context.getUsingBundle();
        this.bundle = user == null || user.getSymbolicName() == null ? "unknown" : user.getSymbolicName();
    }

    private Cause cause(Cue cue) {
        return Origins.cause(bundle, cue);
    }

    @Override
    public Path root() {
        return directory.root();
    }

    @Override
    public long generation() {
        return directory.generation();
    }

    @Override
    public boolean hasLooked() {
        return directory.hasLooked();
    }

    @Override
    public List<Problem> problems() {
        return directory.problems();
    }

    @Override
    public List<SourceFile> files() {
        return directory.files();
    }

    @Override
    public List<Problem> reload() {
        return directory.reload();
    }

    @Override
    public List<Problem> write(SourceFile file, Cue cue) {
        return directory.write(file, cause(cue));
    }

    @Override
    public List<Problem> accept(DeviceId candidate, String name, Cue cue) {
        return directory.accept(candidate, name, cause(cue));
    }

    @Override
    public List<Kept> kept() {
        return directory.kept();
    }

    @Override
    public List<SourceFile> files(long generation) throws IOException {
        return directory.files(generation);
    }

    @Override
    public long pin(SourceFile file, Cue cue) throws IOException {
        return directory.pin(file, cause(cue));
    }

    @Override
    public List<Problem> restore(long generation, SourceFile instead, Cue cue) throws IOException {
        return directory.restore(generation, instead, cause(cue));
    }
}
