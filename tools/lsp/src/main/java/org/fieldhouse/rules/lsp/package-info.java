/** The rule language over the Language Server Protocol 3.17: {@code RuleEditor} for any editor. */
@NullMarked
package org.fieldhouse.rules.lsp;

import org.jspecify.annotations.NullMarked;
