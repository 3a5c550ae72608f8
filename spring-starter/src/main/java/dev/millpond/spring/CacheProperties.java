package dev.millpond.spring;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Consistency;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of caches; immutable.
 *
 * @param enabled Whether values are cached; false lets all calls pass to their loaders and methods.
 * @param timeToLive How long entries stay fresh.
 * @param localTimeToLive How long entries stay fresh in this process at most; the time to live if not set.
 * @param absentTimeToLive How long it is remembered that there is no value; zero to ask the source each time. If not
 *     set, 30s or, if that is shorter, the time to live.
 * @param serveStaleFor How long past its time to live an entry may answer while another caller loads it anew, or its
 *     source fails.
 * @param serveUnconfirmedFor How long entries of this process answer while Redis is away; up to the staleness bound if
 *     not set.
 * @param localMaximumSize How many entries of a cache this process keeps.
 * @param consistency Which invalidations by other nodes reads may miss: bounded, those within the staleness bound;
 *     strict, none, and nothing is kept in this process.
 * @param maximumConcurrentLoads How many loads of a cache run at once in this process.
 * @param failureTimeToLive How long after a failed load this process does not load the key again; zero to ask the
 *     source each time. If not set, 1s where a stale value may answer, else 0s.
 * @param softTimeout How long a read waits for a load where a stale value may answer; the load goes on. No limit if not
 *     set.
 * @param hardTimeout How long a load may take before it is interrupted; no limit if not set. With it, and with a soft
 *     timeout, loads run on threads of their own.
 * @param refreshAhead How early reads have entries loaded anew in the background, from 0, which is never, to 10; 1
 *     suits most caches.
 * @param slowLoadThreshold How long a load takes that is counted as slow and logged; zero for none.
 * @param hotKeys How many of the most read keys of a cache are remembered, up to 10000, so that a new node or a flushed
 *     cache can read them in advance; 0 for none.
 * @param stalenessBound No bounded read misses an invalidation that completed longer ago; at least twice the poll
 *     interval and 300ms.
 * @param pollInterval How often this node asks Redis for invalidations that it was not told of.
 * @param annotations Whether annotations such as @Cacheable use these caches; if not set, they do unless the
 *     application sets spring.cache.type or brings a JCache provider. False leaves them to Spring Boot. A CacheManager
 *     of the application's own is used in any case.
 * @param statusField Whether responses carry a Cache-Status field that says which caches answered.
 * @param warmUp Warm-ups.
 * @param caches Settings of single caches by name; what they leave out is taken from here.
 */
public record CacheProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("5m") Duration timeToLive,
        @Nullable Duration localTimeToLive,
        @Nullable Duration absentTimeToLive,
        @DefaultValue("0s") Duration serveStaleFor,
        @Nullable Duration serveUnconfirmedFor,
        @DefaultValue("10000") long localMaximumSize,
        @DefaultValue("bounded") Consistency consistency,
        @DefaultValue("64") int maximumConcurrentLoads,
        @Nullable Duration failureTimeToLive,
        @Nullable Duration softTimeout,
        @Nullable Duration hardTimeout,
        @DefaultValue("0") double refreshAhead,
        @DefaultValue("100ms") Duration slowLoadThreshold,
        @DefaultValue("0") int hotKeys,
        @DefaultValue("2s") Duration stalenessBound,
        @DefaultValue("500ms") Duration pollInterval,
        @Nullable Boolean annotations,
        @DefaultValue("false") boolean statusField,
        @NestedConfigurationProperty @DefaultValue WarmUpSettings warmUp,
        @DefaultValue Map<String, CacheSettings> caches) {

    private static final String PREFIX = "millpond.cache";
    private static final int IMPLIED_HOT_KEYS = 1000;

    /** Checks all settings by the rules of caches themselves, on a registry that is thrown away. */
    public CacheProperties {
        caches = Map.copyOf(caches);
        CacheRegistry.Builder core = CacheRegistry.builder();
        PropertyCheck.check(
                PREFIX + ".staleness-bound", stalenessBound, core::stalenessBound, "Give a duration such as 2s.");
        PropertyCheck.check(
                PREFIX + ".poll-interval", pollInterval, core::pollInterval, "Give a duration such as 500ms.");
        try (CacheRegistry scratch = core.build()) {
            new CacheSettings(
                            enabled,
                            timeToLive,
                            localTimeToLive,
                            absentTimeToLive,
                            serveStaleFor,
                            serveUnconfirmedFor,
                            localMaximumSize,
                            consistency,
                            maximumConcurrentLoads,
                            failureTimeToLive,
                            softTimeout,
                            hardTimeout,
                            refreshAhead,
                            slowLoadThreshold,
                            hotKeys)
                    .check(PREFIX, scratch.newCache("all", String.class));
            caches.forEach((name, settings) -> check(PREFIX + ".caches." + name, name, settings, scratch));
        }
        for (String name : warmUp.hotKeysOf()) {
            checkRemembers(name, caches.get(name));
        }
    }

    private static void checkRemembers(String name, @Nullable CacheSettings settings) {
        if (settings != null && Objects.equals(settings.hotKeys(), 0)) {
            PropertyCheck.refuse(
                    PREFIX + ".caches." + name + ".hot-keys",
                    settings.hotKeys(),
                    "but 'millpond.cache.warm-up.hot-keys-of' names '" + name + "', which has to remember some.",
                    "Give a number of keys such as 1000, or remove one of both.");
        }
    }

    private static void check(String prefix, String name, CacheSettings settings, CacheRegistry scratch) {
        PropertyCheck.check(
                prefix,
                name,
                cache -> scratch.newCache(cache, String.class),
                "Use the name of the cache, such as 'standings'.");
        settings.check(prefix, scratch.newCache(name, String.class));
        settings.checkStrict(prefix);
    }

    /** Returns the settings that caches have unless they or their own properties say otherwise. */
    public CacheSettings common() {
        return common(hotKeys);
    }

    /** Returns the settings that one cache has unless it or its own properties say otherwise. */
    public CacheSettings commonOf(String name) {
        boolean impliesHotKeys = hotKeys == 0 && warmUp.hotKeysOf().contains(name);
        return impliesHotKeys ? common(IMPLIED_HOT_KEYS) : common();
    }

    private CacheSettings common(int remembered) {
        return new CacheSettings(
                enabled,
                timeToLive,
                localTimeToLive,
                absentTimeToLive,
                serveStaleFor,
                serveUnconfirmedFor,
                localMaximumSize,
                consistency,
                maximumConcurrentLoads,
                failureTimeToLive,
                softTimeout,
                hardTimeout,
                refreshAhead,
                slowLoadThreshold,
                remembered);
    }

    /** Returns the properties of one cache; nothing is set if it has none. */
    public CacheSettings ofCache(String name) {
        return caches.getOrDefault(name, CacheSettings.NONE);
    }
}
