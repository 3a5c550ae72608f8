package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.peers.Machine;
import dev.millpond.benchmarks.peers.MillpondRegistries;
import dev.millpond.cache.CacheRegistry;
import java.util.Set;

/**
 * Entries of Millpond, which carry the names of their tags.
 *
 * @param registry the registry of their cache
 * @param entries the entries
 */
record MillpondDependants(CacheRegistry registry, CopiedEntries entries) implements Dependants {

    static Dependants open(Machine machine) throws Exception {
        CacheRegistry registry = MillpondRegistries.open(machine, CopiedEntries.NAMESPACE, CacheRegistry.builder());
        return new MillpondDependants(registry, CopiedEntries.of(registry, machine, 1, 0));
    }

    @Override
    public void fill(int count) throws Exception {
        entries.fill(count);
    }

    @Override
    public void invalidate() {
        registry.invalidate(CopiedEntries.tag(0));
    }

    /** Entries stay in Redis, so that each invalidation meets all of them there. */
    @Override
    public int alike() {
        return 20;
    }

    @Override
    public long held(int count) {
        return entries.held(count);
    }

    @Override
    public Set<String> commands() {
        return Set.of("evalsha");
    }
}
