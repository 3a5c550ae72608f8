/** Runs benchmarks of JMH with peers in turns, and compares what they show with targets. */
@NullMarked
package dev.millpond.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
