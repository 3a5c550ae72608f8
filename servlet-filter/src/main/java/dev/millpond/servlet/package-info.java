/**
 * Servlet filters: {@code RateLimitFilter} in front of an API, {@code CacheStatusFilter} to say where answers came
 * from.
 */
@NullMarked
package dev.millpond.servlet;

import org.jspecify.annotations.NullMarked;
