package org.fieldhouse.api.binding;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service through which links are put into the machines themselves. Every method may be called from any thread and returns at
 * once; its stage completes exceptionally with a {@link BindingException} whose message says why not, within about 30 s.
 */
@ProviderType
public interface DirectLinks {
    /** Programs the machine that the link comes from, see {@link LinkCapable#program}. */
    CompletionStage<Void> program(DirectLink link);

    /** Takes a link out of the machine. */
    CompletionStage<Void> remove(DirectLink link);

    /** Whether the machine still has it. */
    CompletionStage<Boolean> verify(DirectLink link);
}
