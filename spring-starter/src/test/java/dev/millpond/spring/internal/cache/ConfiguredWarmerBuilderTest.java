package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.OnFailure;
import dev.millpond.cache.Warmer;
import dev.millpond.spring.WarmUpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class ConfiguredWarmerBuilderTest {

    private final CacheRegistry registry = CacheRegistry.builder().build();
    private final LoadingCache<String, Integer> numbers =
            registry.newCache("numbers", Integer.class).build((String key) -> 1);
    private final List<String> calls = new ArrayList<>();

    @AfterEach
    void close() {
        registry.close();
    }

    private Warmer.Builder configured(Warmer.Builder builder, Map<String, String> properties) {
        WarmUpSettings bound = new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("warm-up", WarmUpSettings.class);
        return new ConfiguredWarmerBuilder("numbers", builder, bound);
    }

    private Warmer.Builder recording(Map<String, String> properties) {
        return configured(RecordingBuilder.of(Warmer.Builder.class, calls, plain().build()), properties);
    }

    private Warmer.Builder plain() {
        return numbers.warmer(Stream::empty);
    }

    @Test
    void build_propertiesOfTheWarmer_winOverItsCode() {
        Warmer unused = recording(Map.of(
                        "warm-up.warmers.numbers.concurrency", "8",
                        "warm-up.warmers.numbers.loads-per-second", "50",
                        "warm-up.warmers.numbers.batch-size", "20",
                        "warm-up.warmers.numbers.deadline", "1m",
                        "warm-up.warmers.numbers.on-failure", "fail"))
                .concurrency(2)
                .loadsPerSecond(3)
                .batchSize(4)
                .deadline(Duration.ofSeconds(5))
                .onFailure(OnFailure.ACCUMULATE)
                .build();

        assertThat(calls)
                .containsExactly(
                        "concurrency 8",
                        "loadsPerSecond 50.0",
                        "batchSize 20",
                        "deadline PT1M",
                        "onFailure FAIL",
                        "build");
    }

    @Test
    void build_code_winsOverPropertiesOfAllWarmers() {
        Warmer unused = recording(Map.of(
                        "warm-up.concurrency", "8",
                        "warm-up.loads-per-second", "50",
                        "warm-up.batch-size", "20"))
                .concurrency(2)
                .loadsPerSecond(3)
                .build();

        assertThat(calls).contains("concurrency 2", "loadsPerSecond 3.0", "batchSize 20");
    }

    @Test
    void build_neitherSaysAnything_hasTheDefaultsOfTheJavaApi() {
        Warmer unused = recording(Map.of()).build();

        assertThat(calls)
                .containsExactly("concurrency 4", "batchSize 100", "deadline PT10M", "onFailure ACCUMULATE", "build");
    }

    @Test
    void name_ofTheWarmer_isThatOfItsProperties() {
        Warmer unused = recording(
                        Map.of("warm-up.warmers.numbers.concurrency", "8", "warm-up.warmers.others.concurrency", "7"))
                .name("others")
                .build();

        assertThat(calls).contains("name others", "concurrency 7");
    }

    @Test
    void build_again_makesAnotherWarmerAsInPlainJava() {
        Warmer.Builder builder =
                configured(plain(), Map.of("warm-up.concurrency", "2", "warm-up.warmers.numbers.batch-size", "20"));
        Warmer first = builder.build();

        Warmer second = builder.deadline(Duration.ofSeconds(5)).build();
        assertThat(second).isNotSameAs(first);
        assertThat(second.name()).isEqualTo("numbers");
    }

    @Test
    void setting_givenTwice_isRefusedAsInPlainJava() {
        assertThatIllegalStateException()
                .isThrownBy(() -> configured(plain(), Map.of()).concurrency(1).concurrency(2))
                .withMessage("Warmer of cache 'numbers': concurrency was set twice. Set it once.");
    }

    @Test
    void build_valueOfCodeOutOfRange_isRefusedAsInPlainJava() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured(plain(), Map.of()).concurrency(65).build())
                .withMessage("Warmer of cache 'numbers': concurrency is 65, must be from 1 to 64.");
    }
}
