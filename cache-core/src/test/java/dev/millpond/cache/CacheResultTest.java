package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheResult.Source;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CacheResultTest {

    @ParameterizedTest
    @EnumSource
    void fromCache_anySourceButTheLoader_isTrue(Source source) {
        CacheResult<String> result = new CacheResult<>(Optional.of("v"), source, Duration.ZERO, false);

        assertThat(result.fromCache()).isEqualTo(source != Source.LOADER);
    }
}
