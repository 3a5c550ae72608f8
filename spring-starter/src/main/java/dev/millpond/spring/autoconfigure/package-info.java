/** The auto-configurations, one per concern; to be named in exclusions and orderings only. */
@NullMarked
package dev.millpond.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
