/** Tests over HTTP that every application over the standings service inherits. */
@NullMarked
package dev.millpond.examples.contract;

import org.jspecify.annotations.NullMarked;
