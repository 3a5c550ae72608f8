/** The suite of limits: what a decision costs, beside other libraries. */
@NullMarked
package dev.millpond.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
