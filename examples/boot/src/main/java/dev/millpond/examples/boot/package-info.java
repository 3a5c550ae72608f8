/** The standings service as a Spring Boot application: {@link dev.millpond.examples.boot.StandingsApplication}. */
@NullMarked
package dev.millpond.examples.boot;

import org.jspecify.annotations.NullMarked;
