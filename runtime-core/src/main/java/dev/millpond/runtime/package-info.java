/** What the cache and the rate limiter share: {@link dev.millpond.runtime.RedisConnection} is the entry point. */
@NullMarked
package dev.millpond.runtime;

import org.jspecify.annotations.NullMarked;
