/**
 * Servlet filters: {@link dev.millpond.servlet.RateLimitFilter} in front of an API,
 * {@link dev.millpond.servlet.CacheStatusFilter} to say where answers came from; and
 * {@link dev.millpond.servlet.HealthServlet} to say how the instance is.
 */
@NullMarked
package dev.millpond.servlet;

import org.jspecify.annotations.NullMarked;
