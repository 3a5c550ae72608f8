package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class ValueTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text | java.lang.String",
                "number | java.lang.Integer",
                "list | java.util.List<java.lang.String>",
                "map | java.util.Map<java.lang.String, java.lang.Object>",
                "array | java.lang.String[]",
                "optional | java.lang.String",
                "future | java.util.List<java.lang.String>",
                "mono | java.lang.String",
                "flux | java.util.List<java.lang.String>",
                "generic | java.lang.Long",
                "genericList | java.util.List<java.lang.Long>",
                "bounded | java.util.List<? extends java.lang.Number>",
            })
    void of_methodOfABean_isWhatItReturnsUnwrapped(String method, String type) {
        ValueType value = valueOf(method).orElseThrow();

        assertThat(value.type().getTypeName()).isEqualTo(type);
        assertThat(value.isKnown()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "noObject", "monoOfNothing"})
    void of_methodWithoutAResult_isEmpty(String method) {
        assertThat(valueOf(method)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"object", "rawList", "listOfAnything", "rawFuture", "unresolved", "arrayOfRaw"})
    void isKnown_typeThatDoesNotSayEnough_isFalse(String method) {
        assertThat(valueOf(method).orElseThrow().isKnown()).isFalse();
    }

    @Test
    void accepts_subtype_isTrue() {
        ValueType number = new ValueType(Number.class, method("number"));
        ValueType integer = new ValueType(Integer.class, method("number"));

        assertThat(number.accepts(integer)).isTrue();
        assertThat(integer.accepts(number)).isFalse();
    }

    @Test
    void describe_method_namesClassMethodAndType() {
        assertThat(valueOf("optional").orElseThrow().describe())
                .isEqualTo(Base.class.getName() + ".optional (java.lang.String)");
    }

    private static Optional<ValueType> valueOf(String method) {
        return ValueType.of(method(method), Bean.class);
    }

    private static Method method(String name) {
        return Arrays.stream(Base.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    abstract static class Base<T> {

        abstract String text();

        abstract int number();

        abstract List<String> list();

        abstract Map<String, Object> map();

        abstract String[] array();

        abstract Optional<String> optional();

        abstract CompletableFuture<List<String>> future();

        abstract Mono<String> mono();

        abstract Flux<String> flux();

        abstract T generic();

        abstract List<T> genericList();

        abstract List<? extends Number> bounded();

        abstract void nothing();

        abstract Void noObject();

        abstract Mono<Void> monoOfNothing();

        abstract Object object();

        @SuppressWarnings("rawtypes")
        abstract List rawList();

        abstract List<?> listOfAnything();

        @SuppressWarnings("rawtypes")
        abstract CompletableFuture rawFuture();

        abstract <X> List<X> unresolved();

        @SuppressWarnings("rawtypes")
        abstract List[] arrayOfRaw();
    }

    abstract static class Bean extends Base<Long> {}
}
