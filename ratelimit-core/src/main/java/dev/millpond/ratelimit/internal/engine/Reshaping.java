package dev.millpond.ratelimit.internal.engine;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives a bucket other limits: each stays as full, in proportion, as the one with the same period was, or the only one
 * as the only one.
 *
 * <p>Where windows are concerned, the time of the new limit begins now if it runs otherwise than that of the old one.
 * Nodes with different limits, who change a bucket back and forth, could else be given the same time twice.
 */
final class Reshaping {

    private static final String ONLY_LIMIT = "only";

    private final List<Bandwidth> old;
    private final List<Bandwidth> wanted;
    private final BucketConfiguration configuration;

    Reshaping(BucketConfiguration old, BucketConfiguration wanted) {
        boolean alone = old.getBandwidths().length == 1 && wanted.getBandwidths().length == 1;
        this.old = named(old, alone);
        this.wanted = named(wanted, alone);
        this.configuration = wanted;
    }

    /** Bucket4j inherits by name, so old and new limits are named for the moment. */
    void apply(RemoteBucketState bucket, long now) {
        bucket.getState().setConfiguration(new BucketConfiguration(old));
        bucket.replaceConfiguration(new BucketConfiguration(wanted), TokensInheritanceStrategy.PROPORTIONALLY, now);
        bucket.getState().setConfiguration(configuration);
        RefillTimes times = RefillTimes.of(bucket.getState());
        for (int i = 0; i < wanted.size(); i++) {
            Bandwidth limit = wanted.get(i);
            if (old.stream().anyMatch(before -> inheritsInAnotherRhythm(limit, before))) {
                times.set(i, Bandwidths.lastRefill(limit, Math.max(times.get(i), now)));
            }
        }
        times.writeTo(bucket.getState());
        bucket.refillAllBandwidth(now);
    }

    private static boolean inheritsInAnotherRhythm(Bandwidth limit, Bandwidth before) {
        return limit.getId().equals(before.getId()) && !Bandwidths.inTheSameRhythm(limit, before);
    }

    private static List<Bandwidth> named(BucketConfiguration limits, boolean alone) {
        Set<String> names = new HashSet<>();
        return Arrays.stream(limits.getBandwidths())
                .map(limit -> Bandwidths.named(limit, alone ? ONLY_LIMIT : name(limit, names)))
                .toList();
    }

    /** Of a foreign bucket's limits with the same period, the first one counts. */
    private static String name(Bandwidth limit, Set<String> names) {
        String period = limit.getRefillPeriodNanos() + "ns";
        String name = names.contains(period) ? period + " " + names.size() : period;
        names.add(name);
        return name;
    }
}
