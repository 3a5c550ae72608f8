/** What operations cost with more keys, tags, nodes and masters. */
@NullMarked
package dev.millpond.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
