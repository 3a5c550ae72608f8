package dev.millpond.ratelimit.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RedisEngine;
import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.spi.LimitEngine.BucketState;
import dev.millpond.ratelimit.spi.LimitEngine.Take;
import dev.millpond.runtime.PatientRedis;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.FakeTicker;
import dev.millpond.testkit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that nodes have been lent, by a clock that is driven by hand. */
class LeasesIT {

    private static final Tier PRO = Tier.PRO.withLease(100); // 1100, one per 60 ms

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static RedisConnection connection;

    private final FakeTicker clock = new FakeTicker();
    private final List<Node> nodes = new ArrayList<>();
    private Node observer;

    @BeforeAll
    static void connect() {
        connection = PatientRedis.connect(REDIS.url());
    }

    @AfterAll
    static void disconnect() {
        connection.close();
    }

    @BeforeEach
    void begin() {
        REDIS.server().flush();
        observer = new Node(RedisEngine.SCRIPT, connection.guard(), clock);
    }

    private Node node() {
        Node node = new Node(RedisEngine.SCRIPT, connection.guard(), clock);
        nodes.add(node);
        return node;
    }

    /** Returns a node that remembers denials, since it would hear of tokens that others add. */
    private Node listening() {
        Node node = node();
        await().until(node.engine()::hearsOfOthers);
        return node;
    }

    private void advance(Duration time) {
        clock.advance(time);
        nodes.forEach(Node::settle);
    }

    private static Take of(Tier tier) {
        return new Take("bucket", tier.limits(), tier.inFlight(), tier.lease());
    }

    private static void take(Node node, Tier tier, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(node.take(of(tier), 1).admitted()).isTrue();
        }
    }

    /** Returns what the bucket holds in Redis, without what is lent. */
    private long inBucket(Tier tier) {
        return told(observer, tier);
    }

    private static long told(Node node, Tier tier) {
        return node.engine()
                .peek("bucket", tier.limits())
                .toCompletableFuture()
                .join()
                .remaining();
    }

    /** Returns what is lent according to Redis. */
    private long lent() {
        List<?> leases = (List<?>) requireNonNull(REDIS.server().command("HVALS", "{bucket}:leased"));
        long now = clock.instant().toEpochMilli();
        return leases.stream()
                .map(lease -> lease.toString().split(" "))
                .filter(lease -> Long.parseLong(lease[1]) > now)
                .mapToLong(lease -> Long.parseLong(lease[0]))
                .sum();
    }

    @Test
    void take_manyRequests_leasesMoreAndMore() {
        Node node = node();

        take(node, PRO, 1);
        assertThat(lent()).isZero();
        take(node, PRO, 1);
        assertThat(lent()).isEqualTo(4);
        take(node, PRO, 5);
        assertThat(lent()).isEqualTo(8);
        take(node, PRO, 200);
        assertThat(lent()).isEqualTo(100);
        assertThat(inBucket(PRO) + lent()).isBetween(1_100 - 207 - 11L, 1_100L);
    }

    @Test
    void take_leaseNotUsedUp_comesBackAfterThreeQuartersOfItsTime() {
        Node node = node();
        take(node, PRO, 250);
        long before = inBucket(PRO);
        long held = told(node, PRO) - before;
        assertThat(held).isBetween(1L, 100L);

        advance(Duration.ofSeconds(1));

        assertThat(lent()).isZero();
        assertThat(inBucket(PRO)).isEqualTo(before + held + 16);
    }

    @Test
    void take_nextRequestAfterTheLease_givesTheRestBackInTheSameCall() {
        Node node = node();
        take(node, PRO, 250);
        long total = told(node, PRO);
        clock.advance(Duration.ofMillis(760)); // and nobody does what is due

        BucketState state = node.take(of(PRO), 1);

        assertThat(state.remaining()).isEqualTo(total - 1 + 12);
    }

    @Test
    void take_nodeDiesWithALease_losesThatLeaseAtMost() {
        Node dying = node();
        take(dying, PRO, 250);
        long before = inBucket(PRO);
        assertThat(lent()).isEqualTo(100);
        dying.die();

        advance(Duration.ofMillis(1_002));

        assertThat(lent()).isZero();
        assertThat(inBucket(PRO)).isEqualTo(before + 16);
        assertThat(before).isGreaterThanOrEqualTo(1_100 - 250 - 100 - 11);
    }

    @Test
    void take_nodeThatStoodStillForTooLong_getsNothingBackForItsLease() {
        Node still = node();
        take(still, PRO, 250);
        clock.advance(Duration.ofMillis(1_010));
        assertThat(node().take(of(PRO), inBucket(PRO)).admitted()).isTrue();

        assertThat(still.take(of(PRO), 1).admitted()).isFalse();
        still.settle();
        assertThat(inBucket(PRO)).isZero();
    }

    @Test
    void take_bucketAlmostEmpty_lendsAQuarterAndThenNothing() {
        Node node = node();
        Tier tier = Tier.of("slow", RateLimit.of(100, Duration.ofDays(1))).withLease(100);
        take(node, tier, 5);
        assertThat(lent()).isBetween(2L, 25L);

        take(node, tier, 94);

        assertThat(node.take(of(tier), 2).admitted()).isFalse();
        take(node, tier, 1);
        assertThat(node.take(of(tier), 1).admitted()).isFalse();
    }

    @Test
    void take_costAboveTheLease_isDecidedOnAllThatIsThere() {
        Node node = node();
        take(node, PRO, 250);
        long total = told(node, PRO);

        assertThat(node.take(of(PRO), total + 1).admitted()).isFalse();
        assertThat(node.take(of(PRO), total).admitted()).isTrue();
    }

    @Test
    void refund_withALease_isTakenAgainWithoutRedis() {
        Node node = node();
        take(node, PRO, 250);
        long before = inBucket(PRO);

        BucketState state = node.engine()
                .refund("bucket", PRO.limits(), 3)
                .toCompletableFuture()
                .join();

        assertThat(inBucket(PRO)).isEqualTo(before);
        assertThat(node.take(of(PRO), 1).remaining()).isEqualTo(state.remaining() - 1);
    }

    @Test
    void reset_otherNodeHoldsALease_leavesThatOut() {
        Node holder = node();
        take(holder, PRO, 250);
        assertThat(lent()).isEqualTo(100);

        long remaining = node().engine()
                .reset("bucket", PRO.limits())
                .toCompletableFuture()
                .join()
                .remaining();

        assertThat(remaining).isEqualTo(inBucket(PRO)).isBetween(1_100L - 100 - 17, 1_100L - 100);
        advance(Duration.ofSeconds(1));
        assertThat(lent()).isZero();
        assertThat(inBucket(PRO)).isBetween(1_000L, 1_100L);
    }

    @Test
    void reset_ownLease_isFull() {
        Node node = node();
        take(node, PRO, 250);

        assertThat(node.engine()
                        .reset("bucket", PRO.limits())
                        .toCompletableFuture()
                        .join()
                        .remaining())
                .isEqualTo(1_100);
        assertThat(lent()).isZero();
        assertThat(inBucket(PRO)).isEqualTo(1_100);
    }

    @Test
    void grant_withALease_isAdded() {
        Node node = node();
        take(node, PRO, 250);
        long total = told(node, PRO);
        node.engine().grant("bucket", PRO.limits(), 5_000).toCompletableFuture().join();

        assertThat(node.take(of(PRO), total + 5_000).admitted()).isTrue();
        assertThat(node.take(of(PRO), 1).admitted()).isFalse();
    }

    @Test
    void take_tierChanges_leavesTheLeaseOfTheOldLimitsAlone() {
        Node node = node();
        take(node, PRO, 1_000);
        Tier lower = Tier.of("pro", RateLimit.perMinute(100).withBurst(10)).withLease(10);

        BucketState state = node.take(of(lower), 1);

        assertThat(state.remaining()).isLessThan(10);
        assertThat(node.take(of(lower), 11).admitted()).isFalse();
    }

    @Test
    void take_window_isLentNoLongerThanItLasts() {
        Tier tier = Tier.of(
                        "window",
                        RateLimit.perMinute(1_000).inWindows(),
                        RateLimit.of(5_000, Duration.ofHours(1)).inAlignedWindows())
                .withLease(100);
        Node node = node();
        take(node, tier, 250);
        advance(Duration.ofMillis(59_500));
        take(node, tier, 250);
        assertThat(lent()).isPositive();

        advance(Duration.ofMillis(500));

        assertThat(lent()).isZero();
        long admitted = LongStream.range(0, 2_000)
                .filter(i -> node.take(of(tier), 1).admitted())
                .count();
        assertThat(admitted).isBetween(999L, 1_000L);
    }

    @Test
    void take_calmClientOfAFullBucketThatRefillsQuickly_isLentForLonger() {
        Tier tier = Tier.of("quick", RateLimit.perSecond(1_000)).withLease(100);
        Node node = node();
        long before = commands();

        for (int i = 0; i < 1_000; i++) {
            take(node, tier, 1);
            advance(Duration.ofMillis(2));
        }

        // Three are one call here, since the time of the test is in the script, which Redis therefore never knows.
        assertThat(commands() - before).as("for 1000 requests").isLessThan(3 * 50);
        assertThat(inBucket(tier)).isGreaterThan(850);
    }

    private static long commands() {
        String stats = (String) requireNonNull(REDIS.server().command("INFO", "commandstats"));
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(stats);
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    @Test
    void take_placesAreLimitedToo_isDecidedInRedis() {
        Node node = node();

        for (int i = 0; i < 10; i++) {
            BucketState state = node.take(of(PRO.withInFlight(100)), 1);
            assertThat(state.remaining()).isEqualTo(1_099 - i);
            assertThat(state.permit()).isPresent();
        }
        assertThat(lent()).isZero();
    }

    @Test
    void close_withLeases_givesThemBack() {
        Node node = node();
        take(node, PRO, 250);
        long total = told(node, PRO);

        node.engine().close();

        assertThat(lent()).isZero();
        assertThat(inBucket(PRO)).isEqualTo(total);
    }

    @Test
    void take_leasesOfSomebodyElse_areDropped() {
        REDIS.server().command("SET", "{bucket}:leased", "not a hash");

        take(node(), PRO, 50);

        assertThat(lent()).isPositive();
    }

    @Test
    void take_deniedWhileAnotherNodeHoldsTokens_isAdmittedWhenTheyHaveComeBack() {
        Tier tier = Tier.of("slow", RateLimit.of(1_000, Duration.ofDays(1))).withLease(100);
        Node holder = listening();
        Node other = listening();
        assertThat(holder.take(of(tier), 987).admitted()).isTrue();
        take(holder, tier, 1);
        assertThat(lent()).isEqualTo(3);
        assertThat(other.take(of(tier), inBucket(tier)).admitted()).isTrue();
        assertThat(other.take(of(tier), 1).admitted()).isFalse();

        advance(Duration.ofMillis(760));
        assertThat(inBucket(tier)).isEqualTo(3);
        advance(Duration.ofMillis(240));

        assertThat(other.take(of(tier), 1).admitted()).isTrue();
    }

    @Test
    void take_deniedInTheAnswerThatLends_isAdmittedWhenTheLeaseHasComeBack() {
        Tier tier = Tier.of("slow", RateLimit.of(1_000, Duration.ofDays(1))).withLease(100);
        Node node = listening();
        assertThat(node.take(of(tier), 980).admitted()).isTrue();
        assertThat(node.take(of(tier), 50).admitted()).isFalse();
        assertThat(lent()).isEqualTo(5);

        advance(Duration.ofMillis(760));

        assertThat(lent()).isZero();
        assertThat(node.take(of(tier), 18).admitted()).isTrue();
    }

    @Test
    void giveBack_limitsHaveChangedMeanwhile_leavesTheBucketAsItIs() {
        Node old = node();
        Node other = node();
        take(old, PRO, 250);
        RateLimit perDay = RateLimit.of(500, Duration.ofDays(1));
        Tier changed = Tier.of("pro", PRO.limits().get(0), perDay);
        assertThat(other.take(of(changed), 450).admitted()).isTrue();

        advance(Duration.ofMillis(760));

        assertThat(lent()).isZero();
        assertThat(inBucket(changed)).isEqualTo(50);
    }

    @Test
    void reset_keyOfAnotherType_makesItABucketAgain() {
        REDIS.server().command("LPUSH", "bucket", "not a bucket");
        Node node = node();

        BucketState state = node.engine()
                .reset("bucket", PRO.limits())
                .toCompletableFuture()
                .join();

        assertThat(state.remaining()).isEqualTo(1_100);
        take(node, PRO, 50);
        assertThat(lent()).isPositive();
    }

    @Test
    void take_floodOfCostsThatNeverFitBesideALease_isDeniedHere() {
        Node node = listening();
        take(node, PRO, 10);
        long before = commands();

        for (int i = 0; i < 200; i++) {
            assertThat(node.take(of(PRO), 1_101).admitted()).isFalse();
            take(node, PRO, 1);
        }

        assertThat(commands() - before).as("for 400 requests").isLessThan(50);
    }

    @Test
    void take_nothingCanBeLentBecauseOthersHoldAlmostAll_isOneCommandAllTheSame() {
        Tier tier = Tier.of("held", RateLimit.perSecond(100).withBurst(9_900)).withLease(100);
        Node node = node();
        assertThat(node.take(of(tier), 9_989).admitted()).isTrue();
        long ends = clock.instant().toEpochMilli() + 10_000;
        REDIS.server().command("HSET", "{bucket}:leased", "somebody", "9985 " + ends);
        long before = commands();

        take(node, tier, 1);

        assertThat(commands() - before).isOne();
        assertThat(lent()).isEqualTo(9_985);
    }

    static Stream<Arguments> seedsAndLimits() {
        RateLimit slowlyRefilled = RateLimit.of(5, Duration.ofSeconds(1)).withBurst(225);
        RateLimit oftenFull = RateLimit.of(500, Duration.ofSeconds(1));
        return new Random()
                .longs(Integer.getInteger("millpond.lease-rounds", 1))
                .boxed()
                .flatMap(seed -> Stream.of(Arguments.of(seed, slowlyRefilled), Arguments.of(seed, oftenFull)));
    }

    /**
     * Of the nodes, one compares and swaps, and all sometimes do without leases.
     *
     * <p>{@code -Dmillpond.lease-rounds=40} walks with that many seeds.
     */
    @ParameterizedTest
    @MethodSource("seedsAndLimits")
    void take_anyLoadOnNodesThatDie_neverAdmitsMoreThanTheBucketAllows(long seed, RateLimit limit) {
        Tier tier = Tier.of("oracle", limit).withLease(40);
        Random random = new Random(seed);
        List<Admitted> admitted = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            node();
        }
        nodes.add(new Node(RedisEngine.CAS, connection.guard(), clock));
        for (int step = 0; step < 600; step++) {
            int index = random.nextInt(random.nextInt(20) == 0 ? 4 : 3);
            Node node = nodes.get(index);
            Take take = new Take("bucket", tier.limits(), tier.inFlight(), random.nextInt(30) == 0 ? 0 : tier.lease());
            long cost = 1 + random.nextLong(random.nextInt(10) == 0 ? 30 : 3);
            if (node.take(take, cost).admitted()) {
                admitted.add(new Admitted(clock.read(), cost));
            }
            if (index < 3 && random.nextInt(100) == 0) {
                node.die();
                nodes.set(index, new Node(RedisEngine.SCRIPT, connection.guard(), clock));
            }
            clock.advance(pause(random));
            nodes.stream().filter(each -> random.nextInt(20) > 0).forEach(Node::settle); // others stand still
            assertThat(inBucket(tier) + lent())
                    .as("seed %d, step %d", seed, step)
                    .isLessThanOrEqualTo(limit.capacity());
        }
        assertThat(admitted).hasSizeGreaterThan(100);
        assertBounded(admitted, limit.capacity(), limit.tokens(), "seed " + seed);
    }

    private static Duration pause(Random random) {
        return switch (random.nextInt(30)) {
            case 0 -> Duration.ofMillis(random.nextInt(3_000));
            case 1 -> random.nextInt(10) == 0 ? Duration.ofSeconds(random.nextInt(60)) : Duration.ZERO;
            case 2, 3, 4, 5, 6, 7 -> Duration.ofMillis(random.nextInt(100));
            default -> Duration.ZERO;
        };
    }

    private record Admitted(long at, long cost) {}

    /** In any time that begins with one and ends with another, at most what fits and what comes meanwhile was taken. */
    private static void assertBounded(List<Admitted> admitted, long capacity, long perSecond, String what) {
        for (int i = 0; i < admitted.size(); i++) {
            long taken = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (Admitted later : admitted.subList(i, admitted.size())) {
                taken += later.cost;
                most = Math.max(most, (double) taken - (double) perSecond * (later.at - admitted.get(i).at) / 1e9);
            }
            assertThat(most).as("%s, from %d", what, i).isLessThanOrEqualTo((double) capacity);
        }
    }

    @Test
    void take_saturatedOnThreeNodes_admitsNinetyNineOfAHundred() {
        Tier tier = Tier.ENTERPRISE.withLease(); // 11 000, one per 6 ms
        List<Node> three = List.of(node(), node(), node());
        long admitted = 0;
        for (int milli = 0; milli < 6_000; milli += 30) {
            for (Node node : three) {
                while (node.take(of(tier), 10).admitted()) {
                    admitted += 10;
                }
            }
            advance(Duration.ofMillis(30));
        }

        double most = 11_000 + 6_000 / 6.0;
        assertThat(admitted).isBetween((long) (most * 0.99), (long) most);
    }
}
