/** Token buckets per client, in tiers with a burst: {@link dev.millpond.ratelimit.RateLimiter} is the entry point. */
@NullMarked
package dev.millpond.ratelimit;

import org.jspecify.annotations.NullMarked;
