package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hot keys of one process; {@code HotKeysIT} has those of a fleet. */
class HotKeysTest {

    private final Switches switches = Switches.builder().build();
    private final CacheRegistry registry =
            CacheRegistry.builder().switches(switches).build();

    record Table(int league, String view) {}

    @AfterEach
    void close() {
        registry.close();
    }

    private CacheBuilder<String> builder(String name) {
        return registry.newCache(name, String.class).hotKeys(3);
    }

    private LoadingCache<Long, String> cache() {
        return builder("cache").build((Long key) -> key < 0 ? null : "value " + key);
    }

    @Test
    void as_keysRead_areMostReadFirstAndAtMostSoMany() {
        LoadingCache<Long, String> cache = cache();
        for (long key = 1; key <= 5; key++) {
            for (long i = 0; i < key; i++) {
                cache.get(key);
            }
        }

        assertThat(cache.hotKeys().as(Long.class)).containsExactly(5L, 4L, 3L);
        assertThat(cache.hotKeys().texts()).containsExactly("5", "4", "3");
    }

    @Test
    void maximum_always_isThatOfTheBuilder() {
        assertThat(cache().hotKeys().maximum()).isEqualTo(3);
        assertThat(registry.newCache("forgetful", String.class)
                        .build()
                        .hotKeys()
                        .maximum())
                .isZero();
    }

    @Test
    void as_readsOfAllKinds_count() {
        LoadingCache<Long, String> cache = cache();
        cache.getAll(List.of(1L, 2L));
        cache.find(2L);
        cache.getIfPresent(3L);
        cache.lookup(3L);
        cache.getIfPresent(3L);
        cache.get(3L, key -> "another");
        cache.getAsync(3L).join();

        assertThat(cache.hotKeys().as(Long.class)).containsExactly(3L, 2L, 1L);
    }

    /** A job that refreshes all entries says nothing about who reads them. */
    @Test
    void as_keysPutOrRefreshedOnly_areNone() {
        LoadingCache<Long, String> cache = cache();
        cache.put(1L, "value");
        cache.refresh(2L);
        cache.invalidate(1L);

        assertThat(cache.hotKeys().as(Long.class)).isEmpty();
    }

    @Test
    void as_absentValue_isHotAsAnyOther() {
        LoadingCache<Long, String> cache = cache();
        cache.find(-1L);

        assertThat(cache.hotKeys().as(Long.class)).containsExactly(-1L);
    }

    @Test
    void as_hotKeysOff_isEmpty() {
        LoadingCache<Long, String> cache =
                registry.newCache("cache", String.class).build((Long key) -> "value");
        cache.get(1L);

        assertThat(cache.hotKeys().as(Long.class)).isEmpty();
        assertThat(cache.hotKeys().texts()).isEmpty();
    }

    @Test
    void hotKeys_registryClosed_needNoThread() {
        CacheRegistry closed = CacheRegistry.builder().namespace("closed").build();
        closed.close();

        closed.newCache("cache", String.class).hotKeys(3).build().get(1L, key -> "value");

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millpond-hot-keys-closed");
    }

    @Test
    void as_cacheSwitchedOff_countsNothing() {
        LoadingCache<Long, String> cache = cache();
        switches.set(Switch.cache("cache"), SwitchMode.OFF, SwitchScope.NODE, "test");
        cache.get(1L);
        switches.set(Switch.cache("cache"), SwitchMode.READ_ONLY, SwitchScope.NODE, "test");
        cache.get(2L);
        switches.set(Switch.cache("cache"), SwitchMode.ON, SwitchScope.NODE, "test");
        cache.get(3L);

        assertThat(cache.hotKeys().as(Long.class)).containsExactly(3L);
    }

    @Test
    void as_records_areReadBack() {
        LoadingCache<Table, String> cache = builder("tables").build((Table key) -> "value");
        cache.get(new Table(39, "overall: home (all)"));

        assertThat(cache.hotKeys().as(Table.class)).containsExactly(new Table(39, "overall: home (all)"));
    }

    @Test
    void as_lists_areReadBackByATypeWithArguments() {
        LoadingCache<List<Long>, String> cache = builder("lists").build((List<Long> key) -> "value");
        cache.get(List.of(1L, 2L));

        assertThat(cache.hotKeys().as(new TypeRef<>() {})).containsExactly(List.of(1L, 2L));
    }

    /** A cache takes keys of any type; what is none of the given one is left out. */
    @Test
    void as_textsOfOtherTypes_areLeftOut() {
        Cache<Object, String> cache = builder("mixed").build();
        cache.get("text", key -> "value");
        cache.get(7, key -> "value");

        assertThat(cache.hotKeys().as(text -> Optional.of(text).filter("7"::equals)))
                .containsExactly("7");
        Cache<Long, String> same = longs(registry.find("mixed").orElseThrow());
        assertThat(same.hotKeys().as(Long.class)).containsExactly(7L);
    }

    @SuppressWarnings("unchecked") // Who asks for a cache by its name has to know its types.
    private static Cache<Long, String> longs(Cache<?, ?> cache) {
        return (Cache<Long, String>) cache;
    }

    @Test
    void as_cacheWithAKeyFormat_givesItsParserWhatTheFormatGave() {
        LoadingCache<Table, String> cache = builder("formatted")
                .keyFormat(key -> Objects.toString(((Table) key).view()) + " {" + ((Table) key).league() + '}')
                .build((Table key) -> "value");
        cache.get(new Table(39, "over all"));

        assertThat(cache.hotKeys().texts()).containsExactly("over all {39}");
        assertThat(cache.hotKeys().as(text -> Optional.of(new Table(text.length(), text))))
                .containsExactly(new Table(13, "over all {39}"));
        assertThatIllegalStateException()
                .isThrownBy(() -> cache.hotKeys().as(Table.class))
                .withMessageContaining("keyFormat");
    }
}
