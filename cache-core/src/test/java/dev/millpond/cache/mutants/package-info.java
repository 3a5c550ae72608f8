/** Takes single rules out of the code and shows that its tests notice. */
@NullMarked
package dev.millpond.cache.mutants;

import org.jspecify.annotations.NullMarked;
