/** How the rate limiter is extended and watched: engines that keep buckets, listeners, network addresses. */
@NullMarked
package dev.millpond.ratelimit.spi;

import org.jspecify.annotations.NullMarked;
