package dev.millpond.spring.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

final class KnownPropertiesTest {

    private static final Set<String> MAPS = Set.of(
            "millpond.cache.caches",
            "millpond.cache.warm-up.warmers",
            "millpond.rate-limit.tiers",
            "millpond.rate-limit.clients",
            "millpond.rate-limit.routes");

    @Test
    void all_namesOutsideOfMaps_areThoseOfTheMetadata() throws IOException {
        List<String> known = KnownProperties.all().stream()
                .map(KnownProperty::segments)
                .filter(segments -> !segments.contains(KnownProperty.ANY))
                .map(segments -> String.join(".", segments))
                .toList();

        assertThat(known).containsExactlyInAnyOrderElementsOf(metadata());
    }

    private static List<String> metadata() throws IOException {
        try (InputStream metadata =
                new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream()) {
            return JsonMapper.shared()
                    .readTree(metadata)
                    .get("properties")
                    .valueStream()
                    .map(property -> property.get("name").asString())
                    .filter(name -> !MAPS.contains(name) && !name.startsWith("management."))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "millpond.enabled",
                "millpond.cache.timeToLive",
                "millpond.cache.caches.standings.time-to-live",
                "millpond.cache.caches[a.b].time-to-live",
                "millpond.rate-limit.client-key",
                "millpond.rate-limit.client-key[0]",
                "millpond.rate-limit.clients.acme.key",
                "millpond.rate-limit.tiers.gold.further[1].per",
            })
    void contains_propertyAsItMayBeWritten_isTrue(String name) {
        assertThat(KnownProperties.contains(ConfigurationPropertyName.adapt(name, '.')))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "millpond",
                "millpond.cache",
                "millpond.cache.time-to-liv",
                "millpond.cache.time-to-live[0]",
                "millpond.cache.caches.standings",
                "millpond.rate-limit.tiers.limit",
                "millpond.rate-limit.tiers.gold.further",
                "millpond.rate-limit.tiers.gold.further.limit",
            })
    void contains_anythingElse_isFalse(String name) {
        assertThat(KnownProperties.contains(ConfigurationPropertyName.adapt(name, '.')))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "millpond.cache.ttl, millpond.cache.time-to-live",
        "millpond.cache.caches.h2h.ttl, millpond.cache.caches.h2h.time-to-live",
        "millpond.redis.uri, millpond.redis.url",
        "millpond.ratelimit.tiers.gold.limits, millpond.rate-limit.tiers.gold.limit",
        "millpond.cache.stalenes-bound, millpond.cache.staleness-bound",
        "millpond.rate-limit.tiers.gold.further[1].limits, millpond.rate-limit.tiers.gold.further[1].limit",
    })
    void nearest_mistypedName_isWhatWasMeant(String given, String meant) {
        assertThat(KnownProperties.nearest(given)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "MILLPOND_REDIS_URI, MILLPOND_REDIS_URL",
        "MILLPOND_CACHE_TTL, MILLPOND_CACHE_TIMETOLIVE",
        "MILLPOND_RATELIMIT_TIERS_GOLD_FURTHR_0_LIMIT, MILLPOND_RATELIMIT_TIERS_GOLD_FURTHER_0_LIMIT",
        "MILLPOND_CACHE_CACHES_H2H_TIMETOLIV, MILLPOND_CACHE_CACHES_H2H_TIMETOLIVE",
    })
    void nearestVariable_mistypedName_isWhatWasMeant(String given, String meant) {
        assertThat(KnownProperties.nearestVariable(given)).isEqualTo(meant);
    }
}
