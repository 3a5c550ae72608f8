package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millpond.cache.TypeRef;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyParserTest {

    private static final KeyText TEXT = new KeyText("teams", null);

    private record Team(
            @Nullable String name, int league, @Nullable TimeUnit unit) {}

    private record Match(@Nullable Team home, @Nullable Team away, List<LocalDate> days, boolean played) {}

    private record Pair<A, B>(@Nullable A one, @Nullable B two) {}

    private record Pairs(Pair<Long, String> one, Pair<String, Pair<Long, List<String>>> two, Pair<UUID, Character> c) {}

    private record Path(String name, List<List<String>> parents) {}

    private record Tree(String name, List<Tree> children) {}

    private record Branch(Pair<Long, Branch> pair) {}

    private record Numbers(
            byte b,
            short s,
            long l,
            float f,
            double d,
            char c,
            @Nullable Integer i,
            BigInteger large,
            BigDecimal exact) {}

    private record Nothing() {}

    private record Even(int number) {
        Even {
            if (number % 2 != 0) {
                throw new IllegalArgumentException("odd");
            }
        }
    }

    private static Optional<Object> parsed(Type type, String text) {
        return KeyParser.of(TEXT, type).parse(text);
    }

    static Stream<Arguments> keys() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        return Stream.of(
                Arguments.of(String.class, "", ""),
                Arguments.of(String.class, "a:(b)", "a:(b)"),
                Arguments.of(String.class, "a b%{}#\n", "a%20b%25%7B%7D%23%0A"),
                Arguments.of(String.class, "\ud83d\ude00 \ud83d!\ude00", "\ud83d\ude00%20%D83D!%DE00"),
                Arguments.of(Long.class, Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(Byte.class, (byte) -1, "-1"),
                Arguments.of(Double.class, Double.NaN, "NaN"),
                Arguments.of(BigDecimal.class, new BigDecimal("1.50"), "1.50"),
                Arguments.of(Boolean.class, false, "false"),
                Arguments.of(Character.class, ':', ":"),
                Arguments.of(TimeUnit.class, TimeUnit.DAYS, "DAYS"),
                Arguments.of(UUID.class, new UUID(1, 2), "00000000-0000-0001-0000-000000000002"),
                Arguments.of(LocalDate.class, LocalDate.of(12345, 1, 2), "+12345-01-02"),
                Arguments.of(LocalTime.class, LocalTime.NOON, "12:00"),
                Arguments.of(LocalDateTime.class, LocalDateTime.of(2026, 1, 2, 3, 4), "2026-01-02T03:04"),
                Arguments.of(Instant.class, Instant.ofEpochSecond(1, 2), "1970-01-01T00:00:01.000000002Z"),
                Arguments.of(OffsetTime.class, LocalTime.NOON.atOffset(ZoneOffset.UTC), "12:00Z"),
                Arguments.of(OffsetDateTime.class, Instant.EPOCH.atOffset(ZoneOffset.UTC), "1970-01-01T00:00Z"),
                Arguments.of(ZonedDateTime.class, Instant.EPOCH.atZone(paris), "1970-01-01T01:00+01:00[Europe/Paris]"),
                Arguments.of(Year.class, Year.of(7), "7"),
                Arguments.of(YearMonth.class, YearMonth.of(2026, 7), "2026-07"),
                Arguments.of(MonthDay.class, MonthDay.of(2, 29), "--02-29"),
                Arguments.of(ZoneOffset.class, ZoneOffset.ofHours(-5), "-05:00"),
                Arguments.of(DayOfWeek.class, DayOfWeek.MONDAY, "MONDAY"),
                Arguments.of(Nothing.class, new Nothing(), "%."),
                Arguments.of(Even.class, new Even(2), "2"),
                Arguments.of(Path.class, new Path("c", List.of(List.of("b", ""), List.of())), "c:((b:):(%.))"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void parse_textOfKey_isTheKey(Class<?> type, Object key, String text) {
        assertThat(TEXT.of(key)).isEqualTo(text);
        assertThat(parsed(type, text)).contains(key);
    }

    static Stream<Arguments> otherTexts() {
        return Stream.of(
                Arguments.of(Long.class, "+7"),
                Arguments.of(Long.class, "007"),
                Arguments.of(Long.class, ""),
                Arguments.of(Integer.class, "2147483648"),
                Arguments.of(Boolean.class, "yes"),
                Arguments.of(Character.class, "ab"),
                Arguments.of(Character.class, ""),
                Arguments.of(TimeUnit.class, "days"),
                Arguments.of(UUID.class, "1-1-1-1-1"),
                Arguments.of(LocalDate.class, "2026-02-30"),
                Arguments.of(String.class, "#Zm9vYmFyYmF6cXV1eA"),
                Arguments.of(String.class, "%"),
                Arguments.of(String.class, "%4"),
                Arguments.of(String.class, "%41"),
                Arguments.of(String.class, "%D8"),
                Arguments.of(String.class, "%-"),
                Arguments.of(Even.class, "3"),
                Arguments.of(Even.class, "2:4"),
                Arguments.of(Even.class, "%-"),
                Arguments.of(Nothing.class, ""),
                Arguments.of(Path.class, "c:b"),
                Arguments.of(Path.class, "c:((b)"),
                Arguments.of(Path.class, "c:)(b)("),
                Arguments.of(Path.class, "c:((b))x"),
                Arguments.of(Path.class, "c:(((b)))"));
    }

    @ParameterizedTest
    @MethodSource("otherTexts")
    void parse_textOfNoKeyOfTheType_isEmpty(Class<?> type, String text) {
        assertThat(parsed(type, text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(classes = {Object.class, int[].class, Number.class, List.class, JapaneseDate.class, Runnable.class})
    void of_typeWithoutAParser_isRefusedWithTheFix(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyParser.of(TEXT, type))
                .withMessage("Cache 'teams' cannot read keys of " + type + " back from their texts. Give"
                        + " hotKeys().as(...) a parser, or the type of the keys: text, numbers, enums, UUIDs, dates, or"
                        + " records and lists of these.");
    }

    /** Whoever writes to Redis could make it as deep as they like. */
    @ParameterizedTest
    @ValueSource(classes = {Tree.class, Branch.class})
    void of_recordThatContainsItself_isRefusedWithTheFix(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyParser.of(TEXT, type))
                .withMessage(
                        "Cache 'teams' cannot read keys of " + type + " back from their texts, since the type contains"
                                + " itself. Give hotKeys().as(...) a parser.");
    }

    @Test
    void of_recordWithoutItsArguments_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyParser.of(TEXT, Pair.class))
                .withMessageStartingWith("Cache 'teams' cannot read keys of A back from their texts.");
    }

    @Test
    void of_cacheWithAKeyFormat_isRefusedWithTheFix() {
        assertThatIllegalStateException()
                .isThrownBy(() -> KeyParser.of(new KeyText("teams", Object::toString), String.class))
                .withMessage("Cache 'teams' has a keyFormat of its own, which only its own parser can undo. Use"
                        + " hotKeys().as(parser).");
    }

    /** Keys of many shapes, whose texts are full of what has a meaning. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void parse_textOfRandomKey_isTheKey(long seed) {
        Generator random = new Generator(new Random(seed));
        for (int i = 0; i < 500; i++) {
            assertReadBack(seed, String.class, random.text());
            assertReadBack(seed, Team.class, random.team());
            assertReadBack(seed, Match.class, random.match());
            assertReadBack(seed, Pairs.class, random.pairs());
            assertReadBack(seed, Path.class, random.path());
            assertReadBack(seed, Numbers.class, random.numbers());
            assertReadBack(seed, new TypeRef<List<String>>() {}.type(), random.list(random::maybeText));
            assertReadBack(
                    seed,
                    new TypeRef<List<List<? extends Pair<Long, ZonedDateTime>>>>() {}.type(),
                    random.list(() -> random.list(() -> new Pair<>(random.number(), random.time()))));
        }
    }

    private static void assertReadBack(long seed, Type type, Object key) {
        String text = TEXT.of(key);
        if (KeyText.isDigest(text)) {
            assertThat(parsed(type, text)).isEmpty();
        } else {
            assertThat(parsed(type, text))
                    .as("%s of seed %s as %s", text, seed, type)
                    .contains(key);
        }
    }

    /** What keys can be made of. */
    private record Generator(Random random) {

        private static final List<TimeUnit> UNITS = List.of(TimeUnit.values());
        private static final String CHARACTERS = "ab:()%#{}.-D8 \n\u007f\u0000é\ud83d\ude00+[]\"\\";

        String text() {
            return random.ints(random.nextInt(8), 0, CHARACTERS.length())
                    .mapToObj(CHARACTERS::charAt)
                    .map(String::valueOf)
                    .reduce("", String::concat);
        }

        @Nullable
        String maybeText() {
            return random.nextInt(5) == 0 ? null : text();
        }

        @Nullable
        Long number() {
            return random.nextInt(5) == 0 ? null : random.nextLong() >> random.nextInt(64);
        }

        Team team() {
            TimeUnit unit = random.nextBoolean() ? null : UNITS.get(random.nextInt(UNITS.size()));
            return new Team(maybeText(), random.nextInt(), unit);
        }

        Match match() {
            return new Match(
                    random.nextBoolean() ? team() : null,
                    team(),
                    list(() -> LocalDate.ofEpochDay(random.nextInt())),
                    random.nextBoolean());
        }

        Pairs pairs() {
            return new Pairs(
                    new Pair<>(number(), maybeText()),
                    new Pair<>(maybeText(), new Pair<>(number(), list(this::text))),
                    new Pair<>(new UUID(random.nextLong(), random.nextLong()), (char) random.nextInt(65_536)));
        }

        Path path() {
            return new Path(text(), list(() -> list(this::text)));
        }

        Numbers numbers() {
            return new Numbers(
                    (byte) random.nextInt(),
                    (short) random.nextInt(),
                    random.nextLong(),
                    Float.intBitsToFloat(random.nextInt()),
                    Double.longBitsToDouble(random.nextLong()),
                    (char) random.nextInt(65_536),
                    random.nextBoolean() ? null : random.nextInt(),
                    new BigInteger(random.nextInt(200), random),
                    new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(60) - 30));
        }

        ZonedDateTime time() {
            return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))
                    .atZone(random.nextBoolean() ? ZoneId.of("America/New_York") : ZoneOffset.ofTotalSeconds(3_723));
        }

        <T extends @Nullable Object> List<T> list(Supplier<? extends T> element) {
            List<T> list = new ArrayList<>();
            IntStream.range(0, random.nextInt(4)).forEach(i -> list.add(element.get()));
            return list;
        }
    }
}
