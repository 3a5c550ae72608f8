/** Limits of annotated methods; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.methods;

import org.jspecify.annotations.NullMarked;
