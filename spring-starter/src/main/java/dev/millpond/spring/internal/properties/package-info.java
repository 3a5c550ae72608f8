/** The rules of property values and the report of a broken one; not for use outside this module. */
@NullMarked
package dev.millpond.spring.internal.properties;

import org.jspecify.annotations.NullMarked;
