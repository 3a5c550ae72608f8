/**
 * Servlet filters: {@link dev.millpond.servlet.RateLimitFilter} in front of an API,
 * {@link dev.millpond.servlet.CacheStatusFilter} to say where answers came from.
 */
@NullMarked
package dev.millpond.servlet;

import org.jspecify.annotations.NullMarked;
