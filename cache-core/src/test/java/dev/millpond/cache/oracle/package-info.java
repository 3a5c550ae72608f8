/** An oracle that judges every read of several nodes while networks, servers and data fail under them. */
@NullMarked
package dev.millpond.cache.oracle;

import org.jspecify.annotations.NullMarked;
