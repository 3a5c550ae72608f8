/** What an extender of the cache implements: stores, invalidation logs, codecs and listeners. */
@NullMarked
package dev.millpond.cache.spi;

import org.jspecify.annotations.NullMarked;
