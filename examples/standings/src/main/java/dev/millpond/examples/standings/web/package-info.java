/** What both web applications over the standings service share. */
@NullMarked
package dev.millpond.examples.standings.web;

import org.jspecify.annotations.NullMarked;
