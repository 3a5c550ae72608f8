/** Spring's caching annotations on Millpond caches; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.cache;

import org.jspecify.annotations.NullMarked;
