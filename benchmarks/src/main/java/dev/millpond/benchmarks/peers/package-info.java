/** The libraries that are compared, each behind the same small interface. */
@NullMarked
package dev.millpond.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
