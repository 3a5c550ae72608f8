package dev.millpond.spring.internal.endpoint;

import dev.millpond.ratelimit.RateLimitDecision;
import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.Tier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Decisions and rules as they are answered. */
final class Answers {

    private Answers() {}

    static Map<String, Object> of(RateLimitDecision decision) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("outcome", lowerCase(decision.outcome()));
        answer.put("mode", lowerCase(decision.mode()));
        answer.put("tier", decision.tier().name());
        answer.put("remaining", decision.remaining());
        decision.nextTokenAfter().ifPresent(after -> answer.put("nextTokenAfter", after.toString()));
        decision.retryAfter().ifPresent(after -> answer.put("retryAfter", after.toString()));
        return answer;
    }

    static Map<String, Object> of(RateLimitRules rules) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("mode", rules.mode().map(Object::toString).orElse("enforce"));
        answer.put("modesOfTiers", texts(rules.modesOfTiers(), Object::toString));
        answer.put("modesOfRoutes", texts(rules.modesOfRoutes(), Object::toString));
        answer.put("tiers", texts(rules.tiers(), tier -> tier.limits().toString()));
        answer.put("tiersOfClients", texts(rules.tiersOfClients(), Tier::name));
        answer.put("bans", texts(rules.bans(), Answers::end));
        answer.put("allowed", rules.allowed());
        return answer;
    }

    private static String end(Instant until) {
        return until.equals(RateLimitRules.FOR_GOOD) ? "for-good" : until.toString();
    }

    private static <V> Map<String, String> texts(Map<String, V> values, Function<V, String> text) {
        Map<String, String> texts = new TreeMap<>();
        values.forEach((name, value) -> texts.put(name, text.apply(value)));
        return texts;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
