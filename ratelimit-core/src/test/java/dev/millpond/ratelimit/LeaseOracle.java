package dev.millpond.ratelimit;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Holds what clients were told of one client's bucket to what its tier promises, however fast the machine is.
 *
 * <p>More than the tier allows is never right. Less is wrong only if somebody was denied: requests that a busy machine
 * did not get to send were not denied, and do not count.
 */
final class LeaseOracle {

    /** Less than the quarter of a lease's time in which a node gives back what it did not use. */
    private static final long STANDSTILL = Duration.ofMillis(50).toNanos();

    /** Answers that took longer are left out of the upper bound, since nobody knows when they were decided. */
    private static final long BLUR = Duration.ofMillis(10).toNanos();

    /** By which Redis counts. */
    private static final long PRECISION = Duration.ofMillis(1).toNanos();

    /** For which tokens are lent at most. */
    private static final long LEASE_TIME = Duration.ofSeconds(1).toNanos();

    private final Tier tier;

    LeaseOracle(Tier tier) {
        this.tier = tier;
    }

    /**
     * What a client was told, at a moment between two.
     *
     * @param after nanoseconds from the beginning
     * @param before nanoseconds from the beginning
     * @param tokens that it got; 0 if it was denied
     */
    record Answer(long after, long before, long tokens) {

        boolean denied() {
            return tokens == 0;
        }
    }

    private double tokensIn(long nanos) {
        RateLimit limit = tier.limit();
        return (double) limit.tokens() * nanos / limit.period().toNanos();
    }

    /** Returns how many tokens too many clients got in some time; 0 or less if it was never too many. */
    double beyond(List<Answer> answers) {
        List<Answer> admitted = answers.stream()
                .filter(answer -> !answer.denied() && answer.before - answer.after <= BLUR)
                .sorted(Comparator.comparingLong(Answer::before))
                .toList();
        double lowest = Double.POSITIVE_INFINITY;
        double most = 0;
        long taken = 0;
        for (Answer answer : admitted) {
            lowest = Math.min(lowest, taken - tokensIn(answer.before));
            taken += answer.tokens;
            most = Math.max(most, taken - tokensIn(answer.before) - lowest);
        }
        return most - tier.capacity() - tokensIn(BLUR + PRECISION);
    }

    /**
     * Returns how many tokens nobody got until a client was denied for the last time, though the bucket had them; 0 or
     * less if they are explained.
     *
     * @param clients the answers of each node's client, in order
     * @param killed how many nodes took a lease with them
     */
    double missing(List<List<Answer>> clients, int killed) {
        Optional<Answer> last = clients.stream()
                .flatMap(List::stream)
                .filter(Answer::denied)
                .max(Comparator.comparingLong(Answer::after));
        return last.map(denial -> missing(clients, denial) - killed * tier.lease())
                .orElse(0.0);
    }

    private double missing(List<List<Answer>> clients, Answer denial) {
        List<Answer> admitted = clients.stream()
                .flatMap(List::stream)
                .filter(answer -> !answer.denied() && answer.after <= denial.before)
                .toList();
        long begunAt = admitted.stream().mapToLong(Answer::before).min().orElse(0);
        double allowed = tier.capacity() + tokensIn(denial.after - begunAt);
        long taken = admitted.stream().mapToLong(Answer::tokens).sum();
        double stoodStill = clients.stream()
                .mapToDouble(client -> lostByStandstills(client, denial))
                .sum();
        return allowed - taken - explained(allowed, admitted, clients.size()) - stoodStill;
    }

    /** One in a hundred, what stays free for the time of a lease, what other nodes hold, and less than one request. */
    private double explained(double allowed, List<Answer> admitted, int nodes) {
        long largest = admitted.stream().mapToLong(Answer::tokens).max().orElse(1);
        return allowed / 100 + tokensIn(LEASE_TIME) + (nodes - 1) * tier.lease() + largest;
    }

    /** A node that stands still loses a lease, and leaves a full bucket full meanwhile. */
    private double lostByStandstills(List<Answer> client, Answer denial) {
        double lost = 0;
        long then = 0;
        for (Answer answer : client) {
            long nanos = answer.before - then;
            if (nanos > STANDSTILL && then <= denial.before) {
                lost += tier.lease() + tokensIn(nanos);
            }
            then = answer.before;
        }
        return lost;
    }
}
