package dev.millpond.cache.internal;

import org.jspecify.annotations.Nullable;

/**
 * Which version of its source a value is.
 *
 * @param text what the loader called it
 * @param payload what Redis had of the value when it was read there, or null if it was not
 */
record SourceVersion(String text, @Nullable StoredPayload payload) {}
