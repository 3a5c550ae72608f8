/** The inner parts of the servlet filters; not for use outside this module. */
@NullMarked
package dev.millpond.servlet.internal;

import org.jspecify.annotations.NullMarked;
