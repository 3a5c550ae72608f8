/** Very many keys in a small heap. */
@NullMarked
package dev.millpond.benchmarks.batch;

import org.jspecify.annotations.NullMarked;
