/** What a Spring application types: annotations on cached and limited methods. */
@NullMarked
package dev.millpond.spring;

import org.jspecify.annotations.NullMarked;
