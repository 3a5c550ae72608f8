/** What an extender of the rate limiter implements: the engine that keeps the buckets. */
@NullMarked
package dev.millpond.ratelimit.spi;

import org.jspecify.annotations.NullMarked;
