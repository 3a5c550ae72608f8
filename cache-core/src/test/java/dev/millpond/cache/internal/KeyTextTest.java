package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTextTest {

    private final KeyText keyText = new KeyText("teams", null);

    enum View {
        HOME,
        AWAY {
            @Override
            public String toString() {
                return "not the name";
            }
        }
    }

    record Table(int league, View view) {}

    record Season(Table table, int year) {}

    record Pair(@Nullable Object one, @Nullable Object two) {}

    record Numbered(int number, String text) {}

    record Nothing() {}

    record Failing(int part) {
        @Override
        public int part() {
            throw new IllegalStateException("broken");
        }
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("standings", "standings"),
                Arguments.of("", ""),
                Arguments.of(CharBuffer.wrap("text"), "text"),
                Arguments.of('x', "x"),
                Arguments.of(39, "39"),
                Arguments.of(-39L, "-39"),
                Arguments.of(1.5, "1.5"),
                Arguments.of(new BigDecimal("1.50"), "1.50"),
                Arguments.of(true, "true"),
                Arguments.of(View.HOME, "HOME"),
                Arguments.of(View.AWAY, "AWAY"),
                Arguments.of(new UUID(1, 2), "00000000-0000-0001-0000-000000000002"),
                Arguments.of(LocalDate.of(2026, 1, 2), "2026-01-02"),
                Arguments.of(Instant.EPOCH, "1970-01-01T00:00:00Z"),
                Arguments.of(new Table(39, View.AWAY), "39:AWAY"),
                Arguments.of(new Season(new Table(39, View.HOME), 2026), "(39:HOME):2026"),
                Arguments.of(List.of("a", 2, View.HOME), "a:2:HOME"),
                Arguments.of(List.of(List.of("a", "b"), "c"), "(a:b):c"),
                Arguments.of(new Pair("a", null), "a:%-"),
                Arguments.of(Arrays.asList(null, "b"), "%-:b"),
                Arguments.of(new Nothing(), "%."),
                Arguments.of(List.of(), "%."),
                Arguments.of(List.of(List.of(), ""), "(%.):"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void of_key_isItsReadableText(Object key, String text) {
        assertThat(keyText.of(key)).isEqualTo(text);
    }

    static Stream<Arguments> escapes() {
        return Stream.of(
                Arguments.of("a:b", "a:b"),
                Arguments.of("50%", "50%25"),
                Arguments.of("{tag}", "%7Btag%7D"),
                Arguments.of("a b", "a%20b"),
                Arguments.of("a\nb\tc\0", "a%0Ab%09c%00"),
                Arguments.of("\u007f", "%7F"),
                Arguments.of("#1", "%231"),
                Arguments.of("M\u00fcnchen", "M\u00fcnchen"),
                Arguments.of("\u26bd \ud83c\udfc6", "\u26bd%20\ud83c\udfc6"),
                Arguments.of("\ud800", "%D800"),
                Arguments.of("\udfc6x", "%DFC6x"),
                Arguments.of(List.of("a:b", "(c)"), "a%3Ab:%28c%29"),
                Arguments.of(List.of("%-", "%."), "%25-:%25."));
    }

    @ParameterizedTest
    @MethodSource("escapes")
    void of_charactersWithAMeaning_areEncoded(Object key, String text) {
        assertThat(keyText.of(key)).isEqualTo(text);
    }

    static Stream<Arguments> pairsThatMustDiffer() {
        return Stream.of(
                Arguments.of(new Pair("a:b", "c"), new Pair("a", "b:c")),
                Arguments.of(new Pair("a", null), new Pair("a", "%-")),
                Arguments.of(new Pair("a", null), new Pair("a", "null")),
                Arguments.of(new Pair("a", null), new Pair("a", "")),
                Arguments.of(new Pair(List.of("a", "b"), "c"), new Pair("a", List.of("b", "c"))),
                Arguments.of(new Pair(List.of("a"), "b"), new Pair("(a)", "b")),
                Arguments.of(List.of(List.of("a"), "b)"), List.of(List.of("a)", "b"))),
                Arguments.of(List.of(), List.of("")),
                Arguments.of(new Pair(List.of(), "a"), new Pair(List.of(""), "a")),
                Arguments.of(List.of(List.of(List.of())), List.of(List.of())),
                Arguments.of("\ud800", "?"),
                Arguments.of("\ud800", "\udc00"),
                Arguments.of("a b", "a%20b"),
                Arguments.of("#" + Digests.of("x".repeat(600)), "x".repeat(600)));
    }

    @ParameterizedTest
    @MethodSource("pairsThatMustDiffer")
    void of_keysThatAreEasilyConfused_differ(Object one, Object other) {
        assertThat(keyText.of(one)).isNotEqualTo(keyText.of(other));
    }

    @Test
    void of_randomPairsOfTexts_isInjective() {
        Random random = new Random(1);
        Map<String, Object> byText = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            assertOnly(byText, new Pair(text(random), text(random)));
        }
    }

    @Test
    void of_randomNumberedTexts_isInjective() {
        Random random = new Random(2);
        Map<String, Object> byText = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            assertOnly(byText, new Numbered(random.nextInt(-20, 20), text(random)));
        }
    }

    @Test
    void of_randomNestedLists_isInjective() {
        Random random = new Random(3);
        Map<String, Object> byText = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            assertOnly(byText, tree(random, 3));
        }
    }

    private void assertOnly(Map<String, Object> byText, Object key) {
        Object other = byText.putIfAbsent(keyText.of(key), key);
        assertThat(other == null || other.equals(key))
                .withFailMessage(() -> key + " and " + other + " are both written as " + keyText.of(key))
                .isTrue();
    }

    private static String text(Random random) {
        String alphabet = "a1:%()-.#{}\n ";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static List<@Nullable Object> tree(Random random, int depth) {
        List<@Nullable Object> parts = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            int kind = random.nextInt(5);
            parts.add(kind == 0 ? null : kind < 3 || depth == 0 ? text(random) : tree(random, depth - 1));
        }
        return parts;
    }

    @Test
    void of_textOf512Bytes_isNotShortened() {
        String text = "x".repeat(512);

        assertThat(keyText.of(text)).isEqualTo(text);
    }

    @Test
    void of_longerText_isItsDigest() {
        assertThat(keyText.of("x".repeat(513))).isEqualTo("#" + Digests.of("x".repeat(513)));
    }

    @Test
    void of_longText_isMeasuredInEscapedBytes() {
        assertThat(keyText.of("\u00fc".repeat(256))).hasSize(256);
        assertThat(keyText.of("\u00fc".repeat(257))).startsWith("#").hasSize(23);
        assertThat(keyText.of(" ".repeat(170))).hasSize(510);
        assertThat(keyText.of(" ".repeat(171))).startsWith("#").hasSize(23);
    }

    static Stream<Object> unsupported() {
        return Stream.of(
                new Object(), new int[] {1}, Set.of(1), Map.of(), new Pair("a", new Object()), List.of(Set.of()));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void of_typeWithoutStableText_isRefused(Object key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keyText.of(key))
                .withMessageStartingWith("Cache 'teams' was given a key of class ")
                .withMessageEndingWith(
                        ", which has no stable text. Use text, numbers, enums, UUIDs, dates, or records and"
                                + " lists of these, or set keyFormat(...).");
    }

    @Test
    void of_recordWhoseAccessorThrows_namesTheComponent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keyText.of(new Failing(1)))
                .withMessage("Cache 'teams' cannot read component 'part' of a key of " + Failing.class
                        + ". Open its package to dev.millpond.cache, or set keyFormat(...).")
                .havingRootCause()
                .withMessage("broken");
    }

    @Test
    void of_ownFormat_isAskedForAnyTypeAndEscaped() {
        KeyText own = new KeyText("teams", key -> "{" + ((int[]) key)[0] + "}:x");

        assertThat(own.of(new int[] {7})).isEqualTo("%7B7%7D:x");
    }

    @Test
    void of_ownFormatLong_isItsDigest() {
        KeyText own = new KeyText("teams", key -> "y".repeat(600));

        assertThat(own.of(1)).isEqualTo("#" + Digests.of("y".repeat(600)));
    }
}
