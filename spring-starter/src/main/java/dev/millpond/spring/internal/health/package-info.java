/** The health of Millpond as Spring Boot reports it; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.health;

import org.jspecify.annotations.NullMarked;
