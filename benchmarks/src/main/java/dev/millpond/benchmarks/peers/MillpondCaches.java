package dev.millpond.benchmarks.peers;

import dev.millpond.cache.Consistency;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Millpond, on each of its paths. */
final class MillpondCaches implements Peer {

    private static final Duration SHORT_LEASE = Duration.ofMillis(100);

    @Override
    public String name() {
        return "Millpond";
    }

    @Override
    public List<Variant> variants() {
        return List.of(
                Variant.of("get; invalidate(key)", "", opener(site -> site.node(site.loading()))),
                Variant.of("getAsync; invalidate(key)", "", opener(MillpondCaches::asynchronous)),
                Variant.of("getAll with a bulk loader; invalidate(key)", "", opener(MillpondCaches::bulk)),
                Variant.of("get with a loader of the caller; invalidate(key)", "", opener(MillpondCaches::cacheAside)),
                Variant.at(
                        Moment.MISS,
                        "get; put of the new value",
                        "",
                        opener(site -> changing(
                                site,
                                cache -> key -> cache.put(key, site.source().load(key))))),
                Variant.at(
                        Moment.MISS,
                        "get; invalidateAll()",
                        "",
                        opener(site -> changing(site, cache -> key -> cache.invalidateAll()))),
                Variant.at(Moment.MISS, "get; invalidate(tag)", "", opener(site -> tagged(site, site.loading()))),
                Variant.at(Moment.MISS, "STRICT get; invalidate(tag)", "", opener(MillpondCaches::strict)),
                Variant.at(
                        Moment.MISS,
                        "get of a dependant; invalidate(key) of what it read",
                        "",
                        opener(MillpondCaches::dependant)),
                Variant.at(Moment.REFRESH, "refresh; invalidate(key)", "", opener(MillpondCaches::refreshing)),
                Variant.at(
                        Moment.LATE,
                        "get that outlasts its lease; invalidate(key)",
                        "the other node loads meanwhile, and again after the invalidation",
                        opener(site -> site.node(site.loading(site.builder().leaseTime(SHORT_LEASE))))),
                Variant.at(
                        Moment.JOIN,
                        "get begun between; invalidate(key)",
                        "a caller that begins after the invalidation, while the older load runs",
                        opener(site -> site.node(site.loading()))),
                Variant.at(
                        Moment.FILL,
                        "get of what Redis has; invalidate(key)",
                        "",
                        telling(site -> site.node(site.loading()))),
                Variant.at(
                        Moment.FILL,
                        "get of what Redis has; invalidateAll()",
                        "",
                        telling(site -> changing(site, cache -> key -> cache.invalidateAll()))),
                Variant.at(
                        Moment.FILL,
                        "get of what Redis has; invalidate(tag)",
                        "",
                        telling(site -> tagged(site, site.loading()))));
    }

    private static MillpondNode asynchronous(MillpondSite site) {
        LoadingCache<String, String> cache = site.loading();
        return site.node(cache).comparing(key -> cache.getAsync(key).get(1, TimeUnit.MINUTES));
    }

    private static MillpondNode bulk(MillpondSite site) {
        LoadingCache<String, String> cache = site.bulkLoading();
        return site.node(cache).comparing(key -> cache.getAll(List.of(key, key + MillpondSite.COMPANION)));
    }

    private static MillpondNode cacheAside(MillpondSite site) {
        LoadingCache<String, String> cache = site.loading();
        return site.node(cache).comparing(key -> cache.get(key, site.source()::load));
    }

    private static MillpondNode refreshing(MillpondSite site) {
        LoadingCache<String, String> cache = site.loading();
        return site.node(cache).comparing(cache::refresh);
    }

    private static MillpondNode tagged(MillpondSite site, LoadingCache<String, String> cache) {
        return site.node(cache).changing(key -> site.registry().invalidate(Tag.of(MillpondSite.TAG, key)));
    }

    private static MillpondNode strict(MillpondSite site) {
        return tagged(site, site.loading(site.builder().consistency(Consistency.STRICT)));
    }

    private static MillpondNode dependant(MillpondSite site) {
        LoadingCache<String, String> base = site.loading();
        LoadingCache<String, String> dependant = site.registry()
                .newCache(site.name() + "-dependant", String.class)
                .build((String key) -> base.get(key));
        return site.node(dependant).changing(base::invalidate);
    }

    private static MillpondNode changing(MillpondSite site, Invalidation invalidation) {
        LoadingCache<String, String> cache = site.loading();
        return site.node(cache).changing(invalidation.of(cache));
    }

    private static Variant.Opener opener(Design design) {
        return (machine, name, source) ->
                design.over(new MillpondSite(MillpondRegistries.shared(machine), name, source));
    }

    private static Variant.Opener telling(Design design) {
        return (machine, name, source) ->
                design.over(new MillpondSite(MillpondRegistries.telling(machine, name, source), name, source));
    }

    private interface Design {

        MillpondNode over(MillpondSite site);
    }

    private interface Invalidation {

        MillpondNode.Change of(LoadingCache<String, String> cache);
    }
}
