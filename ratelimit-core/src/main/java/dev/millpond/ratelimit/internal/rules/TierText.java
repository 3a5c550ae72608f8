package dev.millpond.ratelimit.internal.rules;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tiers as text: {@code pro 10/PT1S+0 1000/PT24H+100}, tokens per period and a burst for each limit. */
final class TierText {

    private static final Pattern LIMIT = Pattern.compile("(\\d+)/(P[0-9A-Z.]+)\\+(\\d+)");

    private TierText() {}

    static String write(Tier tier) {
        return tier.limits().stream()
                .map(limit -> limit.tokens() + "/" + limit.period() + "+" + limit.burst())
                .collect(Collectors.joining(" ", tier.name() + " ", ""));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException or a {@link java.time.DateTimeException} if it says anything else
     */
    static Tier read(List<String> words) {
        return new Tier(
                words.get(0),
                words.subList(1, words.size()).stream().map(TierText::limit).toList());
    }

    private static RateLimit limit(String text) {
        Matcher limit = LIMIT.matcher(text);
        if (!limit.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no limit");
        }
        return new RateLimit(
                Long.parseLong(limit.group(1)), Duration.parse(limit.group(2)), Long.parseLong(limit.group(3)));
    }
}
