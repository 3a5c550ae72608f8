/** The standings service on embedded Tomcat: {@link dev.millpond.examples.servlet.StandingsServer} starts it. */
@NullMarked
package dev.millpond.examples.servlet;

import org.jspecify.annotations.NullMarked;
