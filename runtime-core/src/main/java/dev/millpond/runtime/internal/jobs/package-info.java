/** Runs periodic jobs, on one node of a fleet each. */
@NullMarked
package dev.millpond.runtime.internal.jobs;

import org.jspecify.annotations.NullMarked;
