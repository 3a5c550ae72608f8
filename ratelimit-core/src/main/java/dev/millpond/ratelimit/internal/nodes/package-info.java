/** How a node follows what it shares with the other nodes. */
@NullMarked
package dev.millpond.ratelimit.internal.nodes;

import org.jspecify.annotations.NullMarked;
