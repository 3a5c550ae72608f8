package dev.millpond.ratelimit.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.testkit.FakeTicker;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.versioning.Versions;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.api.RedissonClient;
import org.redisson.misc.CompletableFutureWrapper;

class BucketSwapTest {

    private static final Duration BUDGET = Duration.ofMillis(40);

    private final FakeTicker ticker = new FakeTicker();
    private final List<String> commands = new ArrayList<>();
    private byte @Nullable [] stored;
    private List<byte[]> refusal = List.of();

    private final RedissonClient client = proxy(RedissonClient.class);
    private final BucketSwap swap =
            new BucketSwap(guard(), "key", Deadline.in(BUDGET, ticker), state -> BucketSwap.FOREVER);

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "4c6f72656d20697073756d", "00000001000000010000000100000001"})
    void getStateData_storedBytesAreNotABucket_countAsNoneAndAreReplacedByTheirValue(String hex) {
        stored = HexFormat.of().parseHex(hex);

        assertThat(swap.getStateData(Optional.empty())).isCompletedWithValue(Optional.empty());
        assertThat(swap.compareAndSwap(null, new byte[] {1}, bucket(), Optional.empty()))
                .isCompleted();

        assertThat(commands)
                .containsExactly("getAsync", "evalAsync " + new String(stored, StandardCharsets.ISO_8859_1));
    }

    @Test
    void getStateData_nothingStored_isSetOnlyIfStillAbsent() {
        assertThat(swap.getStateData(Optional.empty())).isCompletedWithValue(Optional.empty());
        assertThat(swap.compareAndSwap(null, new byte[] {1}, bucket(), Optional.empty()))
                .isCompleted();

        assertThat(commands).containsExactly("getAsync", "evalAsync ");
    }

    @Test
    void getStateData_bucket_isReturned() {
        stored = bytes(1);

        assertThat(swap.getStateData(Optional.empty()).join()).hasValue(stored);
    }

    @Test
    void getStateData_timeIsAlmostOver_blamesRedis() {
        ticker.advance(BUDGET);

        assertThatThrownBy(swap.getStateData(Optional.empty())::join)
                .hasCauseInstanceOf(RedisTooSlowException.class)
                .hasRootCauseMessage("Redis took so long that too little time was left for the next call.");
    }

    @Test
    void compareAndSwap_readTookTooLong_blamesRedis() {
        assertThat(swap.getStateData(Optional.empty())).isCompleted();
        ticker.advance(BUDGET.multipliedBy(4).dividedBy(5));

        assertThatThrownBy(swap.compareAndSwap(null, new byte[] {1}, bucket(), Optional.empty())::join)
                .hasCauseInstanceOf(RedisTooSlowException.class);
        assertThat(commands).containsExactly("getAsync");
    }

    @Test
    void compareAndSwap_refused_triesAgainWithWhatItBroughtBack() {
        byte[] now = bytes(2);
        refusal = List.of(now);
        assertThat(swap.getStateData(Optional.empty())).isCompleted();
        assertThat(swap.compareAndSwap(null, bytes(1), bucket(), Optional.empty()))
                .isCompletedWithValue(false);

        assertThat(swap.getStateData(Optional.empty()).join()).hasValue(now);
        refusal = List.of();
        assertThat(swap.compareAndSwap(now, bytes(3), bucket(), Optional.empty()))
                .isCompletedWithValue(true);
        assertThat(commands)
                .containsExactly("getAsync", "evalAsync ", "evalAsync " + new String(now, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "5, false", "6, true", "10, true"})
    void getStateData_timeIsOverAfterARefusal_saysHowNearTheLimitIs(long cost, boolean nearTheLimit) {
        refusal = List.of(bytes(1));
        assertThat(swap.compareAndSwap(null, bytes(cost), bucket(cost), Optional.empty()))
                .isCompletedWithValue(false);
        assertThat(swap.getStateData(Optional.empty())).isCompleted();
        ticker.advance(BUDGET);

        assertThatThrownBy(swap.compareAndSwap(bytes(1), bytes(2), bucket(), Optional.empty())::join)
                .cause()
                .isInstanceOfSatisfying(
                        BucketContentionException.class,
                        e -> assertThat(e.nearTheLimit()).isEqualTo(nearTheLimit))
                .hasMessage("Other nodes changed the bucket until too little time was left.");
    }

    private static byte[] bytes(long cost) {
        return entry(cost).getStateBytes(Versions.getLatest());
    }

    private static RemoteBucketState bucket() {
        return bucket(1);
    }

    private static RemoteBucketState bucket(long cost) {
        return entry(cost).get();
    }

    private static MutableBucketEntry entry(long cost) {
        MutableBucketEntry entry = new MutableBucketEntry((byte[]) null);
        new TakeCommand(Shape.of(List.of(RateLimit.perMinute(10))), List.of(cost), Duration.ofMillis(1))
                .execute(entry, 0);
        return entry;
    }

    @SuppressWarnings("unchecked")
    private RedisGuard guard() {
        return (RedisGuard) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RedisGuard.class},
                (proxy, method, arguments) -> ((Function<RedissonClient, ?>) arguments[1]).apply(client));
    }

    /** Makes a client or one of its objects: what ends in "Async" is a command, the rest leads to further objects. */
    @SuppressWarnings("unchecked")
    private <T> T proxy(Class<T> type) {
        return (T) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().endsWith("Async")
                        ? answer(method.getName(), arguments)
                        : proxy(method.getReturnType()));
    }

    private Object answer(String command, Object @Nullable [] arguments) {
        if (!command.equals("evalAsync") || arguments == null) {
            commands.add(command);
            return stage(stored);
        }
        byte[] expected = (byte[]) ((Object[]) arguments[4])[0];
        commands.add(command + " " + new String(expected, StandardCharsets.ISO_8859_1));
        return stage(refusal);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the caller of the proxy gets it
    private static Object stage(@Nullable Object value) {
        return new CompletableFutureWrapper<>(CompletableFuture.completedFuture(value));
    }
}
