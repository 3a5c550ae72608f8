/** The suite of races: who keeps a value that an invalidation has overtaken, and who loads one key many times. */
@NullMarked
package dev.millpond.benchmarks.races;

import org.jspecify.annotations.NullMarked;
