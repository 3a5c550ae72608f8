package dev.millpond.examples.boot;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.Warmer;
import dev.millpond.examples.standings.StandingsDatabase;
import dev.millpond.examples.standings.StandingsService;
import dev.millpond.examples.standings.web.ApiKeys;
import dev.millpond.examples.standings.web.BodyLimitFilter;
import dev.millpond.examples.standings.web.KnownKeyFilter;
import dev.millpond.examples.standings.web.ProblemReportValve;
import dev.millpond.servlet.ClientKey;
import dev.millpond.spring.ClientSettings;
import dev.millpond.spring.MillpondProperties;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that the starter does not know of. */
@Configuration(proxyBeanMethods = false)
class StandingsConfiguration {

    @Bean
    StandingsService standingsService(DataSource database, CacheRegistry caches) throws SQLException {
        StandingsDatabase.prepare(database);
        return new StandingsService(database, caches);
    }

    @Bean
    @ConditionalOnBooleanProperty("standings.warm-up")
    Warmer standingsWarmer(StandingsService service) {
        return service.warmer();
    }

    @Bean
    FilterRegistrationBean<KnownKeyFilter> knownKeyFilter(MillpondProperties properties) {
        Set<String> keys = properties.rateLimit().clients().values().stream()
                .map(ClientSettings::key)
                .collect(Collectors.toSet());
        var filter = new KnownKeyFilter(ClientKey.header(ApiKeys.HEADER), keys::contains);
        var registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(properties.rateLimit().filterOrder() + 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(MillpondProperties properties) {
        var registration = new FilterRegistrationBean<>(new BodyLimitFilter());
        registration.setOrder(properties.rateLimit().filterOrder() + 2);
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTomcat() {
        return tomcat -> tomcat.addContextCustomizers(context ->
                ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemReportValve.class.getName()));
    }
}
