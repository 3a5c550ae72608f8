/** The suite of hit rates: who answers reads of real systems on three nodes. */
@NullMarked
package dev.millpond.benchmarks.hitrate;

import org.jspecify.annotations.NullMarked;
