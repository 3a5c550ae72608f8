package dev.millpond.cache;

/**
 * What a bulk loader says about each of the values that it is loading.
 *
 * <pre>{@code
 * caches.newCache("tables", Table.class).buildBulk((Set<Long> ids, BulkLoadContext<Long> load) -> {
 *     Map<Long, String> versions = repository.versions(ids);          // cheap; before the values are read
 *     Map<Long, Table> tables = new HashMap<>();
 *     Set<Long> changed = new HashSet<>();
 *     versions.forEach((id, version) -> {
 *         if (load.of(id).lastVersion().equals(Optional.of(version))) {
 *             tables.put(id, load.of(id).notModified());
 *         } else {
 *             load.of(id).version(version);
 *             changed.add(id);
 *         }
 *     });
 *     tables.putAll(repository.tables(changed));
 *     return tables;
 * });
 * }</pre>
 *
 * <p>Not thread-safe: belongs to the thread that runs the loader, until the loader returns.
 *
 * @param <K> the type of keys
 */
@FunctionalInterface
public interface BulkLoadContext<K> {

    /**
     * Returns what the loader says about the value of one key: its tags, its version, how long it stays fresh. What the
     * loader reads from other caches counts for all its values, whichever key that is for.
     *
     * @param key one of those that the loader was given
     * @throws IllegalArgumentException if it is another one
     */
    LoadContext of(K key);
}
