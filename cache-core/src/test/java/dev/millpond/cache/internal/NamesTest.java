package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Tag;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @Test
    void names_shortOnes_areReadable() {
        assertThat(Names.entry("teams", "39")).isEqualTo("k:teams:39");
        assertThat(Names.cache("teams")).isEqualTo("c:teams");
        assertThat(Names.tag(Tag.of("league", 39))).isEqualTo("t:league:39");
    }

    @Test
    void changes_eachKind_nameTheFallbackToo() {
        assertThat(Names.changesOfEntry("teams", "39")).containsExactly("k:teams:39", "a:teams");
        assertThat(Names.changesOfCache("teams")).containsExactly("c:teams", "a:teams");
        assertThat(Names.changesOfTags(new Tag("x"), new Tag("y"), new Tag("x")))
                .containsExactly("t:x", "t:y", "a");
    }

    @Test
    void tag_charactersThatSeparateNames_areEncoded() {
        assertThat(Names.tag(new Tag("a\nb c"))).isEqualTo("t:a%0Ab%20c");
    }

    @Test
    void tag_of128Bytes_isNotShortened() {
        assertThat(Names.tag(new Tag("x".repeat(126)))).isEqualTo("t:" + "x".repeat(126));
    }

    @Test
    void tag_longer_isShortenedTheSameEverywhere() {
        assertThat(Names.tag(new Tag("x".repeat(127)))).isEqualTo("t:#" + Digests.of("x".repeat(127)));
        assertThat(Names.tag(new Tag("\u00fc".repeat(64)))).isEqualTo("t:#" + Digests.of("\u00fc".repeat(64)));
    }

    @Test
    void tag_thatLooksShortened_isAnotherName() {
        Tag longTag = new Tag("x".repeat(200));

        assertThat(Names.tag(new Tag(Names.tag(longTag).substring(2)))).isNotEqualTo(Names.tag(longTag));
    }

    @Test
    void entry_longestCacheAndKey_fitsAndKeepsTheCache() {
        String cache = "c".repeat(64);

        String name = Names.entry(cache, "k".repeat(512));

        assertThat(name).isEqualTo("k:" + cache + ":#" + Digests.of("k".repeat(512)));
        assertThat(name.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(128);
    }

    @Test
    void capped_64Names_keepsThem() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < 64; i++) {
            names.add(Names.entry("teams", "" + i));
        }

        assertThat(Names.capped(names)).isEqualTo(names);
    }

    @Test
    void capped_65Names_fallsBackPerCache() {
        Set<String> names = new LinkedHashSet<>(List.of("t:x", "c:players", "a:leagues", "a"));
        for (int i = 0; i < 61; i++) {
            names.add(Names.entry("teams", "" + i));
        }

        assertThat(Names.capped(names)).containsExactlyInAnyOrder("a", "a:players", "a:leagues", "a:teams");
    }

    @Test
    void capped_cappedAgain_isTheSame() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < 65; i++) {
            names.add(Names.entry("cache" + i, "1"));
        }
        Set<String> once = Names.capped(names);

        assertThat(Names.capped(once)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void capped_randomDependencies_areStillHitByEachInvalidation(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Map<String, Collection<String>> changesByName = dependencies(random);

            Set<String> capped = Names.capped(changesByName.keySet());

            assertThat(capped).hasSizeLessThanOrEqualTo(Names.MAXIMUM_PER_ENTRY);
            changesByName.forEach(
                    (name, changes) -> assertThat(capped).describedAs(name).containsAnyElementsOf(changes));
        }
    }

    /** Returns names that an entry may carry, each with what the invalidation of just that dependency records. */
    private static Map<String, Collection<String>> dependencies(Random random) {
        Map<String, Collection<String>> changesByName = new LinkedHashMap<>();
        for (int count = random.nextInt(200); count > 0; count--) {
            String cache = "cache." + random.nextInt(20);
            String key = random.nextBoolean() ? "" + random.nextInt(1000) : "k".repeat(random.nextInt(300));
            switch (random.nextInt(4)) {
                case 0 -> changesByName.put(Names.cache(cache), Names.changesOfCache(cache));
                case 1 -> {
                    Tag tag = new Tag("tag:" + key);
                    changesByName.put(Names.tag(tag), Names.changesOfTags(tag));
                }
                default -> changesByName.put(Names.entry(cache, key), Names.changesOfEntry(cache, key));
            }
        }
        return changesByName;
    }
}
