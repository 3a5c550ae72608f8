/** The guarded way to Redis, for modules that build on the runtime. */
@NullMarked
package dev.millpond.runtime.spi;

import org.jspecify.annotations.NullMarked;
