/** Implementation of the cache; not for use outside this module. */
@NullMarked
package dev.millpond.cache.internal;

import org.jspecify.annotations.NullMarked;
