/** The meters of Millpond; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.metrics;

import org.jspecify.annotations.NullMarked;
