/** Implementation of the Redis connection; not for use outside this module. */
@NullMarked
package dev.millpond.runtime.internal;

import org.jspecify.annotations.NullMarked;
