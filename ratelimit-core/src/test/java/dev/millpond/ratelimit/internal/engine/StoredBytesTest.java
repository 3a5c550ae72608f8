package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteStat;
import io.github.bucket4j.distributed.serialization.InternalSerializationHelper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class StoredBytesTest {

    private static final Bandwidth EVENLY = Bandwidth.builder()
            .capacity(12)
            .refillGreedy(10, Duration.ofMinutes(1))
            .build();

    private static final Bandwidth NAMED = Bandwidth.builder()
            .capacity(7)
            .refillIntervally(7, Duration.ofHours(1))
            .initialTokens(3)
            .id("größer \0 \uD83E\uDD86")
            .build();

    static List<Arguments> buckets() {
        return List.of(
                Arguments.of(List.of(EVENLY), null),
                Arguments.of(List.of(EVENLY, NAMED), 42L),
                Arguments.of(List.of(NAMED, EVENLY), null));
    }

    @ParameterizedTest
    @MethodSource("buckets")
    void bucket_storedByBucket4j_isTheSame(List<Bandwidth> limits, @Nullable Long version) {
        BucketConfiguration configuration = new BucketConfiguration(limits);
        BucketState level = BucketState.createInitialState(configuration, MathType.INTEGER_64_BITS, 1_000_000_007);
        RemoteBucketState bucket = new RemoteBucketState(level, new RemoteStat(5), version);
        bucket.consume(2);
        bucket.refillAllBandwidth(1_000_000_007 + 5_000_000_000L);
        byte[] stored = InternalSerializationHelper.serializeState(bucket, Versions.getLatest());

        RemoteBucketState read = StoredBytes.bucket(stored);

        assertThat(read.equalsByContent(bucket)).isTrue();
        assertThat(read.getConfigurationVersion()).isEqualTo(version);
        assertThat(InternalSerializationHelper.serializeState(read, Versions.getLatest()))
                .isEqualTo(stored);
    }
}
