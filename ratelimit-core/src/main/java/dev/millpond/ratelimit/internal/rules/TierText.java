package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimit.Shape;
import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tiers as text: {@code pro 10/PT1S+0 1000/PT24H+100:window in-flight:20/PT1M lease:11}, for each limit tokens, period,
 * burst, and the shape if it is not a bucket; then how many requests may be in flight if that is limited, and their
 * timeout; then the size of leases if there are any.
 */
final class TierText {

    private static final Pattern LIMIT = Pattern.compile("(\\d+)/(P[0-9A-Z.]+)\\+(\\d+)(?::([a-z-]+))?");
    private static final Pattern IN_FLIGHT = Pattern.compile("in-flight:(\\d+)/(P[0-9A-Z.]+)");

    private static final Pattern LEASE = Pattern.compile("lease:(\\d+)");

    private TierText() {}

    static String write(Tier tier) {
        return Stream.of(
                        tier.limits().stream().map(TierText::write),
                        tier.inFlight().map(TierText::write).stream(),
                        tier.lease() == 0 ? Stream.<String>empty() : Stream.of("lease:" + tier.lease()))
                .flatMap(words -> words)
                .collect(Collectors.joining(" ", tier.name() + " ", ""));
    }

    private static String write(InFlightLimit limit) {
        return "in-flight:" + limit.most() + "/" + limit.timeout();
    }

    private static String write(RateLimit limit) {
        String bucket = limit.tokens() + "/" + limit.period() + "+" + limit.burst();
        return limit.shape() == Shape.BUCKET ? bucket : bucket + ":" + name(limit.shape());
    }

    private static String name(Shape shape) {
        return shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException or a {@link java.time.DateTimeException} if it says anything else
     */
    static Tier read(List<String> words) {
        Matcher lease = LEASE.matcher(words.get(words.size() - 1));
        if (words.size() > 1 && lease.matches()) {
            return read(words.subList(0, words.size() - 1)).withLease(Long.parseLong(lease.group(1)));
        }
        Optional<InFlightLimit> inFlight = inFlight(words.get(words.size() - 1));
        int end = inFlight.isPresent() ? words.size() - 1 : words.size();
        Tier tier = new Tier(
                words.get(0),
                words.subList(1, end).stream().map(TierText::limit).toList());
        return inFlight.map(tier::withInFlight).orElse(tier);
    }

    private static Optional<InFlightLimit> inFlight(String text) {
        Matcher limit = IN_FLIGHT.matcher(text);
        return limit.matches()
                ? Optional.of(new InFlightLimit(Integer.parseInt(limit.group(1)), Duration.parse(limit.group(2))))
                : Optional.empty();
    }

    private static RateLimit limit(String text) {
        Matcher limit = LIMIT.matcher(text);
        if (!limit.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no limit");
        }
        RateLimit bucket = new RateLimit(
                Long.parseLong(limit.group(1)), Duration.parse(limit.group(2)), Long.parseLong(limit.group(3)));
        return limit.group(4) == null ? bucket : bucket.withShape(shape(limit.group(4)));
    }

    private static Shape shape(String name) {
        return Shape.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
