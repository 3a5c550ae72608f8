package dev.millpond.ratelimit.internal.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.StateHeader;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Rules as they are stored: a line with the number of the format and the version, then one line per entry, with words
 * between blanks.
 *
 * <p>A line that says something new is kept as it is, and does nothing here, so that nodes of different versions can
 * share rules. A format with another number is not read at all.
 */
final class RulesText implements SharedState.Format<RulesState> {

    private static final StateHeader HEADER = new StateHeader("millpond-rules", 1);
    private static final String FOR_GOOD = "for-good";
    private static final String DOUBT = "doubt";

    private static final Map<String, BiFunction<RateLimitRules, List<String>, RateLimitRules>> ENTRIES = Map.of(
            "tier", (rules, words) -> rules.withTier(TierText.read(words)),
            "client", (rules, words) -> rules.withTierOf(words.get(0), TierText.read(words.subList(1, words.size()))),
            "ban",
                    (rules, words) ->
                            rules.withBan(words.get(0), end(exactly(2, words).get(1))),
            "allow", (rules, words) -> rules.withAllowed(exactly(1, words).get(0)),
            "mode", (rules, words) -> rules.withMode(mode(exactly(1, words).get(0))),
            "mode-of-tier",
                    (rules, words) -> rules.withModeOfTier(exactly(2, words).get(0), mode(words.get(1))),
            "mode-of-route",
                    (rules, words) -> rules.withModeOfRoute(
                            URLDecoder.decode(exactly(2, words).get(0), UTF_8), mode(words.get(1))));

    @Override
    public String subject() {
        return "rate-limit rules";
    }

    @Override
    public RulesState none() {
        return RulesState.none();
    }

    @Override
    public long version(RulesState state) {
        return state.version();
    }

    @Override
    public int unknownLines(RulesState state) {
        return state.unknown().size();
    }

    @Override
    public String write(RulesState state) {
        List<String> lines = new ArrayList<>();
        RateLimitRules rules = state.rules();
        rules.tiers().values().forEach(tier -> lines.add("tier " + TierText.write(tier)));
        rules.tiersOfClients().forEach((digest, tier) -> lines.add("client " + digest + " " + TierText.write(tier)));
        rules.bans().forEach((who, until) -> lines.add("ban " + who + " " + end(until)));
        rules.allowed().forEach(who -> lines.add("allow " + who));
        rules.mode().ifPresent(mode -> lines.add("mode " + mode));
        rules.modesOfTiers().forEach((tier, mode) -> lines.add("mode-of-tier " + tier + " " + mode));
        rules.modesOfRoutes()
                .forEach((route, mode) -> lines.add("mode-of-route " + URLEncoder.encode(route, UTF_8) + " " + mode));
        new TreeMap<>(state.doubts()).forEach((digest, at) -> lines.add(DOUBT + " " + digest + " " + at));
        return HEADER.write(state.version(), state.unknown(), lines);
    }

    @Override
    public RulesState read(String text) throws UnreadableStateException {
        List<String> lines = text.lines().toList();
        long version = HEADER.read(lines);
        List<RateLimitRules> entries = new ArrayList<>();
        Map<String, Instant> doubts = new TreeMap<>();
        List<String> unknown = HEADER.unknown(
                lines, line -> line.startsWith(DOUBT + " ") ? readDoubt(line, doubts) : readEntry(line, entries));
        RateLimitRules rules = RateLimitRules.none().overlaidBy(entries.toArray(RateLimitRules[]::new));
        return new RulesState(version, rules, doubts, unknown);
    }

    /** Adds the rules with nothing but this entry. */
    private static boolean readEntry(String line, List<RateLimitRules> entries) {
        List<String> words = List.of(line.split(" ", -1));
        BiFunction<RateLimitRules, List<String>, RateLimitRules> reader = ENTRIES.get(words.get(0));
        return reader != null && entries.add(reader.apply(RateLimitRules.none(), words.subList(1, words.size())));
    }

    private static boolean readDoubt(String line, Map<String, Instant> doubts) {
        String[] words = line.split(" ", -1);
        if (words.length != 3) {
            return false;
        }
        doubts.put(words[1], Instant.parse(words[2]));
        return true;
    }

    private static List<String> exactly(int number, List<String> words) {
        if (words.size() != number) {
            throw new IllegalArgumentException(words.size() + " words in place of " + number);
        }
        return words;
    }

    private static String end(Instant until) {
        return until.equals(RateLimitRules.FOR_GOOD) ? FOR_GOOD : until.toString();
    }

    private static Instant end(String text) {
        return text.equals(FOR_GOOD) ? RateLimitRules.FOR_GOOD : Instant.parse(text);
    }

    private static RateLimitMode mode(String text) {
        return RateLimitMode.parse(text);
    }
}
