package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

final class CacheKeysTest {

    @Test
    void of_plainKey_isTheSame() {
        assertThat(CacheKeys.of(42L)).isEqualTo(42L);
        assertThat(CacheKeys.of("a")).isEqualTo("a");
    }

    @Test
    void of_severalArguments_isTheirList() {
        assertThat(CacheKeys.of(new SimpleKey(1, "a"))).isEqualTo(List.of(1, "a"));
    }

    @Test
    void of_argumentsThatReadTheSame_differ() {
        assertThat(CacheKeys.of(new SimpleKey("a, b", "c"))).isNotEqualTo(CacheKeys.of(new SimpleKey("a", "b, c")));
    }

    @Test
    void of_nullAmongArguments_keepsItsPlace() {
        assertThat(CacheKeys.of(new SimpleKey(1, null))).isEqualTo(Arrays.asList(1, null));
    }

    @Test
    void of_noArguments_differsFromAllLists() {
        assertThat(CacheKeys.of(SimpleKey.EMPTY)).isInstanceOf(Enum.class).hasToString("NO_ARGUMENTS");
        assertThat(CacheKeys.of(List.of())).isEqualTo(List.of());
    }

    @Test
    void of_arrays_areLists() {
        assertThat(CacheKeys.of(new int[] {1, 2})).isEqualTo(List.of(1, 2));
        assertThat(CacheKeys.of(new SimpleKey((Object) new String[] {"a"}))).isEqualTo(List.of(List.of("a")));
    }
}
