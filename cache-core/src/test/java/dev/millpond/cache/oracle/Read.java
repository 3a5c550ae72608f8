package dev.millpond.cache.oracle;

import java.util.List;
import java.util.function.Supplier;

/**
 * One read of a node's caches.
 *
 * @param how the operation
 * @param subjects what the answer is made from
 * @param answer reads; returns a version per subject, in their order, or nothing if the caches were not to load
 */
record Read(String how, List<Subject> subjects, Supplier<List<Long>> answer) {}
