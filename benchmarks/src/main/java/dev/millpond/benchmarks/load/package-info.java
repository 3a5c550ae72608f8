/** The Boot example under load: two instances behind one Redis, all tiers at once. */
@NullMarked
package dev.millpond.benchmarks.load;

import org.jspecify.annotations.NullMarked;
