package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.cache.TypeRef;
import dev.millpond.cache.spi.ValueCodec.Format;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {

    private final JsonCodec codec = new JsonCodec();

    enum Form {
        WIN,
        DRAW
    }

    record Row(String team, int points, @Nullable BigDecimal average, List<Form> form, Optional<String> note) {}

    record Fixture(Instant kickOff, LocalDate day, Duration length, ZonedDateTime local, OffsetDateTime offset) {}

    /** A class whose construction can be noticed, as that of a gadget would be. */
    static final class Gadget {

        static final AtomicInteger made = new AtomicInteger();

        public Gadget() {
            made.incrementAndGet();
        }
    }

    interface Shape {}

    record Circle(int radius) implements Shape {}

    record Node(List<Node> children) {}

    record Broken(int number) {
        @Override
        public int number() {
            throw new IllegalStateException("broken");
        }
    }

    private <V> V roundTrip(Type type, V value) throws IOException {
        Format<V> format = codec.forType(type);
        byte[] bytes = format.encode(value);
        return format.decode(bytes, 0, bytes.length);
    }

    /** Decodes into what has no declared type, inside a list that has. */
    private Object decodeUndeclared(String json) throws IOException {
        byte[] bytes = ('[' + json + ']').getBytes(UTF_8);
        List<Object> values = codec.<List<Object>>forType(new TypeRef<List<Object>>() {}.type())
                .decode(bytes, 0, bytes.length);
        return values.get(0);
    }

    private <V> V decode(Class<V> type, String json) throws IOException {
        byte[] bytes = json.getBytes(UTF_8);
        return codec.<V>forType(type).decode(bytes, 0, bytes.length);
    }

    @Test
    void id_isOne() {
        assertThat(codec.id()).isEqualTo(1);
    }

    @Test
    void decode_record_isEqual() throws IOException {
        Row row = new Row(
                "Bor\u00e5s \u26bd", 42, new BigDecimal("1.50"), List.of(Form.WIN, Form.DRAW), Optional.of("x"));

        assertThat(roundTrip(Row.class, row)).isEqualTo(row);
    }

    @Test
    void decode_recordWithoutOptionalParts_isEqual() throws IOException {
        Row row = new Row("", 0, null, List.of(), Optional.empty());

        assertThat(roundTrip(Row.class, row)).isEqualTo(row);
    }

    @Test
    void decode_genericType_keepsItsTypeArguments() throws IOException {
        Map<String, List<Circle>> value = Map.of("a", List.of(new Circle(1), new Circle(2)));

        assertThat(roundTrip(new TypeRef<Map<String, List<Circle>>>() {}.type(), value))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "UTC", "Z", "Etc/UTC", "+02:00", "GMT"})
    void decode_timesAndDates_areEqual(String zone) throws IOException {
        Fixture fixture = new Fixture(
                Instant.parse("2026-01-01T18:30:00.123456789Z"),
                LocalDate.of(2026, 1, 1),
                Duration.ofMinutes(95).plusNanos(7),
                ZonedDateTime.of(2026, 7, 1, 20, 30, 0, 0, ZoneId.of(zone)),
                OffsetDateTime.of(2026, 7, 1, 20, 30, 0, 0, ZoneOffset.ofHours(2)));

        assertThat(roundTrip(Fixture.class, fixture)).isEqualTo(fixture);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "text", "\"quoted\"", "\u0000\n"})
    void decode_text_isEqual(String text) throws IOException {
        assertThat(roundTrip(String.class, text)).isEqualTo(text);
    }

    @Test
    void decode_partOfAnArray_readsThatPartOnly() throws IOException {
        byte[] bytes = "xx123yy".getBytes(UTF_8);

        assertThat(codec.<Integer>forType(Integer.class).decode(bytes, 2, 3)).isEqualTo(123);
    }

    @Test
    void decode_unknownProperty_isIgnoredSoThatTypesMayShrink() throws IOException {
        assertThat(decode(Circle.class, "{\"radius\":1,\"colour\":\"red\"}")).isEqualTo(new Circle(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"radius\":}",
                "{\"radius\":\"wide\"}",
                "[1]",
                "\"text\"",
                "{\"radius\":1} {\"radius\":2}",
                "\u0000\u0001"
            })
    void decode_notAValueOfTheType_isRefused(String json) {
        assertThatIOException()
                .isThrownBy(() -> decode(Circle.class, json))
                .withMessage("The stored JSON cannot be read as the declared type.");
    }

    @ParameterizedTest
    @ValueSource(classes = {Object.class, List.class, Map.class, Optional.class})
    void forType_incompleteType_isRefused(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.forType(type))
                .withMessage("Values of " + type
                        + " cannot be read back from Redis as what they were. Give their whole type,"
                        + " such as Team.class or new TypeRef<List<Team>>() {}.");
    }

    /** It would be written as an empty object, and read as one. */
    @Test
    void encode_nothingVisible_isRefused() {
        assertThatIOException()
                .isThrownBy(() -> codec.forType(Hidden.class).encode(new Hidden("secret")))
                .withMessageContaining("cannot be written as JSON");
    }

    static final class Hidden {

        @SuppressWarnings("unused") // That nobody can see it is the point.
        private final String text;

        Hidden(String text) {
            this.text = text;
        }
    }

    @Test
    void decode_notUtf8_isRefused() {
        byte[] bytes = {'"', (byte) 0xff, (byte) 0xfe, '"'};

        assertThatIOException().isThrownBy(() -> codec.forType(String.class).decode(bytes, 0, bytes.length));
    }

    @Test
    void decode_jsonNull_isRefused() {
        assertThatIOException().isThrownBy(() -> decode(Circle.class, "null")).withMessage("The stored JSON is null.");
    }

    @Test
    void decode_deeplyNested_isRefused() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThatIOException().isThrownBy(() -> decodeUndeclared(deep));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@class", "@type", "@c", "class", "type"})
    void decode_classNamedInTheJson_isPlainText(String property) throws IOException {
        String json = "{\"" + property + "\":\"" + Gadget.class.getName() + "\"}";

        Object value = decodeUndeclared(json);

        assertThat(value).isEqualTo(Map.of(property, Gadget.class.getName()));
        assertThat(Gadget.made).hasValue(0);
    }

    @Test
    void decode_classNamedInAnArray_isPlainText() throws IOException {
        Object value = decodeUndeclared("[\"" + Gadget.class.getName() + "\",{}]");

        assertThat(value).isEqualTo(List.of(Gadget.class.getName(), Map.of()));
        assertThat(Gadget.made).hasValue(0);
    }

    @Test
    void decode_classNamedForADeclaredType_isNotMade() throws IOException {
        String json = "{\"@class\":\"" + Gadget.class.getName() + "\",\"radius\":3}";

        assertThat(decode(Circle.class, json)).isEqualTo(new Circle(3));
        assertThatIOException().isThrownBy(() -> decode(Shape.class, json));
        assertThat(Gadget.made).hasValue(0);
    }

    @Test
    void encode_value_namesNoClass() throws IOException {
        byte[] json = codec.<List<Circle>>forType(new TypeRef<List<Circle>>() {}.type())
                .encode(List.of(new Circle(1)));

        assertThat(new String(json, UTF_8)).isEqualTo("[{\"radius\":1}]");
    }

    @Test
    void encode_unwritable_isRefused() {
        Node cyclic = new Node(new ArrayList<>());
        cyclic.children().add(cyclic);

        assertThatIOException()
                .isThrownBy(() -> codec.forType(Node.class).encode(cyclic))
                .withMessage("The value of " + Node.class + " cannot be written as JSON.");
    }

    @Test
    void encode_getterThatThrows_isRefused() {
        assertThatIOException()
                .isThrownBy(() -> codec.forType(Broken.class).encode(new Broken(1)))
                .withRootCauseExactlyInstanceOf(IllegalStateException.class);
    }
}
