package dev.millpond.cache.internal;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The second level of one cache as one node has it, over a store that other nodes may share. */
final class StoreNode {

    static final Duration LEASE_TIME = Duration.ofSeconds(10);
    static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);
    static final Duration SERVE_STALE_FOR = Duration.ofMinutes(1);

    final TagTable table;
    final StatsCounter stats = new StatsCounter();
    final EntryFactory entries;
    final StoreTier<String> tier;

    StoreNode(CacheStore store, FakeTicker ticker, long node, LeaseWait.Pause pause) {
        this(store, ticker, ticker, node, pause);
    }

    /** Creates a node whose wall clock may be wrong. */
    StoreNode(CacheStore store, FakeTicker ticker, InstantSource clock, long node, LeaseWait.Pause pause) {
        table = Fixtures.table(ticker);
        entries = new EntryFactory(Fixtures.settings(TIME_TO_LIVE, SERVE_STALE_FOR, 0), ticker, clock, () -> 0.5);
        RegistryParts registry = new RegistryParts(
                "test",
                true,
                table,
                new LocalInvalidationLog(ticker),
                store,
                new JsonCodec(),
                Runnable::run,
                ticker,
                clock,
                new Token.Source(node),
                () -> 0.5,
                new Listeners(),
                new ObservedLoads(null, ticker),
                (cache, builder) -> builder,
                Switches.builder().build());
        EntryFormat<String> format = new EntryFormat<>(new JsonCodec().forType(String.class), 1, 0);
        tier = new StoreTier<>(
                store,
                StoreKeys.of("test", Fixtures.CACHE),
                new EntryCodec<>(Fixtures.CACHE, format, entries, LEASE_TIME, registry, stats),
                new LeaseWait(LEASE_TIME, ticker, pause),
                () -> () -> true,
                stats);
    }

    Request<String> request(String key) {
        return Fixtures.request(key, table.stamp());
    }

    List<Request<String>> requests(String... keys) {
        return List.of(keys).stream().map(this::request).toList();
    }

    Entry<String> loaded(Request<String> request, @Nullable String value, String... tags) {
        return entries.loaded(request, request.stamp(), value, Set.of(tags), null);
    }

    /** Looks up, leases, loads and stores one key. */
    RemoteTier.Outcome load(String key, @Nullable String value, String... tags) {
        Request<String> request = request(key);
        Found<String> lease = tier.lease(request, tier.lookup(request));
        return tier.store(request, lease, loaded(request, value, tags));
    }

    @Nullable
    String valueOf(String key) {
        return tier.lookup(request(key)).require().value();
    }

    Found.Kind kindOf(String key) {
        return tier.lookup(request(key)).kind();
    }

    void apply(long sequence, Collection<String> names) {
        table.apply(sequence, names);
    }
}
