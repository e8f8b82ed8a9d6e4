/**
 * What an editor asks about rule files: findings, completion, hover, definition, references, rename, outline, formatting. Pure
 * functions of a text and of what the checker knows; no protocol, no files, no threads. {@code RuleEditor} is the way in.
 */
@NullMarked
package org.fieldhouse.rules.editor;

import org.jspecify.annotations.NullMarked;
