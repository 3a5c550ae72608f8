/** The jobs of an application as its properties want them; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.jobs;

import org.jspecify.annotations.NullMarked;
