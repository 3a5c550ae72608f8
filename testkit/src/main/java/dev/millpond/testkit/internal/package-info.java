/** Implementation of the testkit; not for use outside this module. */
@NullMarked
package dev.millpond.testkit.internal;

import org.jspecify.annotations.NullMarked;
