/** The suite of reads: what a hit costs in the process and in Redis, beside other libraries. */
@NullMarked
package dev.millpond.benchmarks.reads;

import org.jspecify.annotations.NullMarked;
