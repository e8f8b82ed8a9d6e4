/**
 * States of points in files, by point and time. The format, version 1; integers as {@link org.fieldhouse.api.codec.ByteWriter} has them.
 *
 * <p>A directory holds <em>segments</em>, numbered without end: {@code 0000000012.log}, which grows, and {@code 0000000012.seg}, which
 * never changes. One log is written at a time; when it is a day or 16 MiB long it is sorted by point into the segment of its number,
 * which takes its place by being renamed. Both begin with the eight bytes {@code FHHIST1\n} and go on with <em>records</em>:
 *
 * <pre>
 * magic   4  46 48 52 31
 * type    1  1 chunk, 2 commit, 3 index
 * length  4  of the body
 * check   4  CRC-32C of type and length
 * body    …
 * check   4  CRC-32C of the body
 * </pre>
 *
 * <p>A <b>chunk</b> has the states of one point over a while: text device, text point, flags (1: deflated), unsigned count, signed
 * time of the first in µs since 1970, unsigned distance to the last, unsigned length before deflation, then the states as
 * {@link org.fieldhouse.history.store.ChunkWriter} says. A <b>commit</b> has the number and the time of the newest event of the
 * journal that is contained in the file up to here. Chunks in a log count if a commit follows; what stands behind the last commit is
 * a write that was cut off, and comes from the journal again. So a state is in the files exactly once, whenever the process ends.
 *
 * <p>A segment has, behind its chunks, one commit and one <b>index</b>: unsigned number of points, for each of them text device, text
 * point, unsigned number of chunks, for each chunk unsigned place in the file, length, count, signed first time, unsigned distance
 * to the last. Each point's entry is preceded by its length. Then comes a tail of 64 bytes: place and length of the index's body, time
 * of the first and of the last state, number of states, number and time of the newest event of the journal, 8 bytes each; CRC-32C of
 * these, 4 bytes; {@code FHEN}. If the index or the tail is damaged, the file is read from front to back instead.
 *
 * <p>Damage costs the chunk that it hits: a chunk whose check is wrong is left out, logged and counted; where no record is, the next
 * one is looked for by its magic.
 */
@NullMarked
package org.fieldhouse.history.store;

import org.jspecify.annotations.NullMarked;
