/** Finds names that the configuration gives and nobody reads; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.diagnostics;

import org.jspecify.annotations.NullMarked;
