package org.fieldhouse.api.feature;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One step of looking at what is about to be let in; register it as a service. Steps run in the order of their service ranking,
 * highest first; all of them run, so that everything there is to say is said at once, and one refusal refuses the whole change.
 *
 * <p>Guaranteed: no class of the artefact was loaded and nothing of it is installed; its content is the SHA-256 it says; it is a
 * readable zip within the bounds of docs/FEATURES.md (number and size of entries, no path that leads outside) if it is a bundle or
 * an archive. Every artefact that is not installed already with the same SHA-256 is vetted, whichever door it came through,
 * at every install, update, roll back and dry run. What the distribution brought along is vetted as well when it is installed while
 * the house runs; at a start nothing is vetted, but jars are compared with their SHA-256 when the bundle cache is made anew.
 */
@ConsumerType
public interface Vetting {
    /** Short, for messages: {@code signature}. */
    String name();

    /**
     * Looks at one artefact. Called on the thread of {@link Features}, artefacts of one change one after the other, feature before
     * its bundles; must end within 30 s.
     *
     * @return what was found; a {@link Finding.Weight#REFUSAL} among it refuses
     * @throws IOException if it cannot be read; this, any other exception and taking too long refuse as well
     */
    List<Finding> vet(Artefact artefact) throws IOException;
}
