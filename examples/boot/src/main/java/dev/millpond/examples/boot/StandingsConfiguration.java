package dev.millpond.examples.boot;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.examples.standings.StandingsDatabase;
import dev.millpond.examples.standings.StandingsService;
import dev.millpond.examples.standings.web.ApiKeys;
import dev.millpond.examples.standings.web.KnownKeyFilter;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.servlet.ClientKey;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that the starter does not know of. */
@Configuration(proxyBeanMethods = false)
class StandingsConfiguration {

    // The rate limit is at -90: whoever guesses keys is slowed down first.
    private static final int AFTER_THE_RATE_LIMIT = -80;

    @Bean
    StandingsService standingsService(DataSource database, CacheRegistry caches) throws SQLException {
        StandingsDatabase.prepare(database);
        return new StandingsService(database, caches);
    }

    @Bean
    FilterRegistrationBean<KnownKeyFilter> knownKeyFilter(TierResolver apiKeys) {
        var registration = new FilterRegistrationBean<>(new KnownKeyFilter(ClientKey.header(ApiKeys.HEADER), apiKeys));
        registration.setOrder(AFTER_THE_RATE_LIMIT);
        return registration;
    }
}
