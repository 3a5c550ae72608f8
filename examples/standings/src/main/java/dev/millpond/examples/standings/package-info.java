/** League tables over a SQL database, read through caches: {@link dev.millpond.examples.standings.StandingsService}. */
@NullMarked
package dev.millpond.examples.standings;

import org.jspecify.annotations.NullMarked;
