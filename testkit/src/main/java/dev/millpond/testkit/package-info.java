/** A real Redis, a fault-injecting proxy and a hand-driven clock for tests. */
@NullMarked
package dev.millpond.testkit;

import org.jspecify.annotations.NullMarked;
