/** The second level and the invalidation log over Redis; not for use outside this module. */
@NullMarked
package dev.millpond.cache.internal.redis;

import org.jspecify.annotations.NullMarked;
