package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.InFlightLimit;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimit.Shape;
import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tiers as text: {@code pro 10/PT1S+0 1000/PT24H+100:window in-flight:20/PT1M}, for each limit tokens, period, burst,
 * and the shape if it is not a bucket; then the requests in flight and their timeout, if they are limited.
 */
final class TierText {

    private static final Pattern LIMIT = Pattern.compile("(\\d+)/(P[0-9A-Z.]+)\\+(\\d+)(?::([a-z-]+))?");

    private static final String IN_FLIGHT = "in-flight:";

    private TierText() {}

    static String write(Tier tier) {
        Stream<String> limits = tier.limits().stream().map(TierText::write);
        Stream<String> inFlight = tier.inFlight().stream().map(TierText::write);
        return Stream.of(Stream.of(tier.name()), limits, inFlight)
                .flatMap(words -> words)
                .collect(Collectors.joining(" "));
    }

    private static String write(InFlightLimit limit) {
        return IN_FLIGHT + limit.most() + "/" + limit.timeout();
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
        List<String> limits = words.subList(1, words.size());
        return new Tier(
                words.get(0),
                limits.stream()
                        .filter(word -> !word.startsWith(IN_FLIGHT))
                        .map(TierText::limit)
                        .toList(),
                limits.stream()
                        .filter(word -> word.startsWith(IN_FLIGHT))
                        .map(TierText::inFlight)
                        .findFirst());
    }

    private static InFlightLimit inFlight(String text) {
        String[] parts = text.substring(IN_FLIGHT.length()).split("/", 2);
        return new InFlightLimit(Integer.parseInt(parts[0]), Duration.parse(parts[1]));
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
