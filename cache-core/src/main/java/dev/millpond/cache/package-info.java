/** A read-through cache in two levels: {@link dev.millpond.cache.CacheRegistry} is the entry point. */
@NullMarked
package dev.millpond.cache;

import org.jspecify.annotations.NullMarked;
