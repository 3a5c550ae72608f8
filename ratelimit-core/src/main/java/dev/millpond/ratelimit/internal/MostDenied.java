package dev.millpond.ratelimit.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.DeniedClient;
import dev.millpond.ratelimit.FailurePolicy;
import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.runtime.spi.HeavyHitters;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Remembers who was denied most often lately, by digest; thread-safe.
 *
 * <p>Counts are of two periods, the one under way and the one before, so that old ones are forgotten. However many
 * clients there are, only a few are remembered; requests that are allowed do not come here.
 */
final class MostDenied {

    /** Clients remembered at most, per period. */
    static final int CLIENTS = 100;

    static final Duration PERIOD = Duration.ofMinutes(5);

    private static final Comparator<DeniedClient> MOST_FIRST = Comparator.comparingLong(DeniedClient::denials)
            .reversed()
            .thenComparing(DeniedClient::digest)
            .thenComparing(DeniedClient::tier);

    private final Ticker ticker;
    private volatile Periods periods;

    MostDenied(Ticker ticker) {
        this.ticker = ticker;
        this.periods = Periods.begin(ticker.read());
    }

    /** Takes note of a decision if a limit denied, or would have; {@code now} is in elapsed nanoseconds. */
    void note(String digest, RateLimitDecision decision, long now) {
        if (isDenialByLimit(decision)) {
            at(now).latest.add(new Key(digest, decision.tier().name()));
        }
    }

    /** A ban, or a policy that denies everybody, says nothing about the client. */
    private static boolean isDenialByLimit(RateLimitDecision decision) {
        return switch (decision.outcome()) {
            case DENIED, DENIED_IN_FLIGHT -> true;
            case DENIED_DEGRADED ->
                decision.failurePolicy()
                        .filter(policy -> policy == FailurePolicy.LIMIT_LOCALLY)
                        .isPresent();
            default -> false;
        };
    }

    private Periods current() {
        return at(ticker.read());
    }

    private Periods at(long now) {
        Periods known = periods;
        return known.isOver(now) ? next(now) : known;
    }

    private synchronized Periods next(long now) {
        periods = periods.at(now);
        return periods;
    }

    /** Returns who was denied most often first. */
    List<DeniedClient> clients() {
        Periods known = current();
        return Stream.of(known.latest, known.before)
                .flatMap(counts -> counts.certain().entrySet().stream())
                .collect(Collectors.groupingBy(Entry::getKey, Collectors.summingLong(Entry::getValue)))
                .entrySet()
                .stream()
                .map(counted -> counted.getKey().denied(counted.getValue()))
                .sorted(MOST_FIRST)
                .limit(CLIENTS)
                .toList();
    }

    /** Returns how many clients are remembered. */
    int size() {
        Periods known = current();
        return known.latest.size() + known.before.size();
    }

    private record Key(String digest, String tier) {

        DeniedClient denied(long times) {
            return new DeniedClient(digest, tier, times);
        }
    }

    private record Periods(long begunAt, HeavyHitters<Key> latest, HeavyHitters<Key> before) {

        static Periods begin(long now) {
            return new Periods(now, new HeavyHitters<>(CLIENTS), new HeavyHitters<>(CLIENTS));
        }

        boolean isOver(long now) {
            return now - begunAt >= PERIOD.toNanos();
        }

        Periods at(long now) {
            if (!isOver(now)) {
                return this;
            }
            Periods next = begin(now);
            return now - begunAt < 2 * PERIOD.toNanos() ? new Periods(now, next.latest, latest) : next;
        }
    }
}
