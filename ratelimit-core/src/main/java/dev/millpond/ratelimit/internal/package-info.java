/** Implementation of the rate limiter; not for use outside this module. */
@NullMarked
package dev.millpond.ratelimit.internal;

import org.jspecify.annotations.NullMarked;
