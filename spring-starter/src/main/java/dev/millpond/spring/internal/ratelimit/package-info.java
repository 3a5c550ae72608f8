/** Rate limits from properties; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.ratelimit;

import org.jspecify.annotations.NullMarked;
