/** The endpoint by which operators look after rate limits; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.endpoint;

import org.jspecify.annotations.NullMarked;
