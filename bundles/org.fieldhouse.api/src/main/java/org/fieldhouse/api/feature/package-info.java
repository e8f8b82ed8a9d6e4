/**
 * Features: what is installed in the container, and how that is changed while the house runs. One mechanism behind all doors
 * (deploy folder, shell, web): {@link org.fieldhouse.api.feature.Features}; others look at an artefact before it is let in:
 * {@link org.fieldhouse.api.feature.Vetting}.
 */
@NullMarked
@Export
@Version("1.3.0")
package org.fieldhouse.api.feature;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
