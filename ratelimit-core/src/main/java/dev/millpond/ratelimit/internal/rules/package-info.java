/** Where rules are kept that operators change while limiters run: in this process, or in Redis for all nodes. */
@NullMarked
package dev.millpond.ratelimit.internal.rules;

import org.jspecify.annotations.NullMarked;
