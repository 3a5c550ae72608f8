package dev.millpond.spring.internal.jobs;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.TypeRef;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.spring.internal.diagnostics.EditDistance;
import dev.millpond.spring.internal.properties.InvalidPropertyException;
import dev.millpond.spring.internal.properties.PropertyCheck;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Makes the warmers of the most read keys of caches that properties name. */
public final class HotKeyWarmers {

    private static final String HOT_KEYS_OF = "millpond.cache.warm-up.hot-keys-of";

    private final Map<String, LoadingCacheBean> caches = new TreeMap<>();

    private HotKeyWarmers(ConfigurableListableBeanFactory beans) {
        LoadingCacheBean.in(beans).forEach(bean -> caches.merge(bean.cache().name(), bean, LoadingCacheBean::orTyped));
    }

    /**
     * Returns a warmer of each cache, with its name.
     *
     * @param names of the caches
     * @param taken names of the application's own warmers
     * @throws InvalidPropertyException if one is no bean, its keys cannot be read back, it remembers none, or its name
     *     is taken
     */
    public static Stream<Warmer> of(
            List<String> names, Collection<String> taken, ConfigurableListableBeanFactory beans) {
        if (names.isEmpty()) {
            return Stream.of();
        }
        HotKeyWarmers warmers = new HotKeyWarmers(beans);
        return names.stream().distinct().map(name -> warmers.of(name, taken));
    }

    /** Checks that jobs, which the application may have made itself, have such warm-ups. */
    static void checkAreIn(Jobs jobs, List<String> names) {
        List<String> known = jobs.states().stream().map(JobState::name).toList();
        names.stream()
                .filter(name -> !known.contains(WarmerJobs.WARM_UP + name))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(
                            name,
                            "but the application has a bean of type Jobs of its own, without the job '"
                                    + WarmerJobs.WARM_UP + name + "'.",
                            "Give it that job, or remove '" + name + "' here.");
                });
    }

    private Warmer of(String name, Collection<String> taken) {
        LoadingCacheBean bean = caches.get(name);
        if (bean == null) {
            throw unknown(name);
        }
        if (taken.contains(name)) {
            throw refused(
                    name,
                    "but a bean of type Warmer has this name already.",
                    "Give that bean another name by its builder, or remove '" + name + "' here.");
        }
        TypeRef<Object> keys = keysOf(bean);
        checkReadable(name, keys);
        checkRemembers(bean.cache());
        return warmer(bean.cache(), keys);
    }

    private InvalidPropertyException unknown(String name) {
        String nearest = EditDistance.nearest(name, caches.keySet())
                .map(known -> "Use '" + known + "', or make")
                .orElse("Make");
        return refused(
                name,
                "must name caches that are beans of type LoadingCache, which are " + caches.keySet() + ".",
                nearest
                        + " a bean of it that has a loader, as in '@Bean LoadingCache<Long, Product> products(CacheRegistry"
                        + " caches)'; what @Cacheable alone makes has none, and uses the cache of such a bean.");
    }

    @SuppressWarnings("unchecked") // The cache takes keys of the type that its bean declares.
    private static TypeRef<Object> keysOf(LoadingCacheBean bean) {
        return bean.keyType()
                .map(type -> (TypeRef<Object>) TypeRef.of(type))
                .orElseThrow(() -> refused(
                        bean.cache().name(),
                        "but its bean '" + bean.name() + "' does not say of which type its keys are.",
                        "Declare it with its types, as in 'LoadingCache<Long, Product>'."));
    }

    /** Checks it on a cache that is thrown away, which asks nobody for keys. */
    private static void checkReadable(String name, TypeRef<Object> keys) {
        try (CacheRegistry scratch = CacheRegistry.builder().build()) {
            Cache<Object, String> cache = scratch.newCache(name, String.class).build();
            List<Object> unused = cache.hotKeys().as(keys);
        } catch (IllegalArgumentException e) {
            throw PropertyCheck.refused(
                    HOT_KEYS_OF, e, "Do so in a bean of type Warmer, and remove '" + name + "' here.");
        }
    }

    /** Code may have turned off what properties turn on, and a registry of the application does not know these. */
    private static void checkRemembers(LoadingCache<?, ?> cache) {
        if (cache.hotKeys().maximum() == 0) {
            throw refused(
                    cache.name(),
                    "but this cache remembers no hot keys.",
                    "Call hotKeys(1000) of its builder, or remove '" + cache.name() + "' here.");
        }
    }

    private Warmer warmer(LoadingCache<Object, ?> cache, TypeRef<Object> keys) {
        return cache.warmer(() -> cache.hotKeys().as(keys).stream()).build();
    }

    private static InvalidPropertyException refused(String name, String rule, String fix) {
        return new InvalidPropertyException(HOT_KEYS_OF, "names '" + name + "', " + rule, fix);
    }
}
