/** The Java API in one main method: {@link dev.millpond.examples.programmatic.Programmatic}. */
@NullMarked
package dev.millpond.examples.programmatic;

import org.jspecify.annotations.NullMarked;
