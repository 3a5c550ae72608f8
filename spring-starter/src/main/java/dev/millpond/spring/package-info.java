/** What a Spring application types: properties, tags of cached methods, and callbacks that change what is built. */
@NullMarked
package dev.millpond.spring;

import org.jspecify.annotations.NullMarked;
