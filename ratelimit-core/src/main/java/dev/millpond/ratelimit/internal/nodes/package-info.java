/** How many nodes share limits, and the thread on which a node follows what it shares with the others. */
@NullMarked
package dev.millpond.ratelimit.internal.nodes;

import org.jspecify.annotations.NullMarked;
