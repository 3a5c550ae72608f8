/** Runs Millpond beside other libraries and prints who does what. */
@NullMarked
package dev.millpond.benchmarks;

import org.jspecify.annotations.NullMarked;
