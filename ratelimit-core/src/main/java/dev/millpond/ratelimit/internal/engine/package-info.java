/** The engines that keep token buckets: in this process, and in Redis. */
@NullMarked
package dev.millpond.ratelimit.internal.engine;

import org.jspecify.annotations.NullMarked;
