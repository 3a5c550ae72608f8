package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import dev.millpond.ratelimit.TierResolver;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.spring.autoconfigure.MillpondCacheAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondCacheManagerAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondJobsAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRateLimitAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Java of docs/spring.md is the Java below, which compiles and runs. */
final class SpringPageTest {

    private static final Path SOURCE = Path.of("src/test/java/dev/millpond/spring/SpringPageTest.java");

    @Test
    void page_javaBlocks_areInThisFile() throws IOException {
        String here = MarkdownPage.withoutIndent(Files.readString(SOURCE));

        assertThat(MarkdownPage.of("spring.md").blocks("java"))
                .hasSize(4)
                .allSatisfy(block -> assertThat(here).contains(MarkdownPage.withoutIndent(block)));
    }

    @Test
    void page_beans_work() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MillpondCacheAutoConfiguration.class,
                        MillpondCacheManagerAutoConfiguration.class,
                        MillpondJobsAutoConfiguration.class,
                        MillpondRateLimitAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "millpond.cache.warm-up.ready-after=standings",
                        "millpond.cache.warm-up.warmers.standings.refresh-every=5m",
                        "millpond.cache.warm-up.warmers.standings.refill-every=1m",
                        "millpond.cache.warm-up.warmers.standings.concurrency=2",
                        "millpond.cache.warm-up.loads-per-second=50")
                .run(context -> {
                    assertThat(context.getBean(Jobs.class).states())
                            .extracting(JobState::name)
                            .containsExactly("clean", "refresh:standings", "warm-up:standings");
                    Products products = context.getBean(Products.class);
                    assertThat(products.find(1)).isSameAs(products.find(1));
                    assertThat(context.getBean(TierResolver.class).resolve("acme"))
                            .map(tier -> tier.name())
                            .contains("pro");
                });
    }

    record Product(long id, long categoryId) {}

    record Standings(String group) {}

    static class Repository {

        Product find(long id) {
            return new Product(id, 7);
        }

        void delete(long id) {}

        long deleteOld() {
            return 3;
        }
    }

    static class StandingsService {

        Standings load(String group) {
            return new Standings(group);
        }
    }

    static class ApiKeys {

        Optional<String> planOf(String key) {
            return key.equals("acme") ? Optional.of("pro") : Optional.empty();
        }
    }

    static class Products {

        private final Repository repository;

        Products(Repository repository) {
            this.repository = repository;
        }

        @Cacheable("products")
        @CacheTags("category:#{#result.categoryId}")
        public Product find(long id) {
            return repository.find(id);
        }

        @CacheEvict("products")
        public void delete(long id) {
            repository.delete(id);
        }
    }

    record Report(String text) {}

    static class Reports {

        Report compute(String user) {
            return new Report("new, of " + user);
        }

        Report last(String user) {
            return new Report("last, of " + user);
        }
    }

    static class ReportService {

        private final Reports reports = new Reports();

        @RateLimited(limit = 10, per = "1m", burst = 2, key = "#user", fallback = "lastReport")
        public Report report(String user) {
            return reports.compute(user);
        }

        public Report lastReport(String user) {
            return reports.last(user);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {

        @Bean
        ReportService reportService() {
            return new ReportService();
        }

        @Bean
        Products products() {
            return new Products(new Repository());
        }

        @Bean
        StandingsService standingsService() {
            return new StandingsService();
        }

        @Bean
        ApiKeys apiKeys() {
            return new ApiKeys();
        }

        @Bean
        LoadingCache<String, Standings> standings(CacheRegistry caches, StandingsService service) {
            return caches.newCache("standings", Standings.class).build(service::load);
        }

        @Bean
        TierResolver tierResolver(Tiers tiers, ApiKeys apiKeys) {
            return key -> apiKeys.planOf(key).flatMap(tiers::find);
        }

        @Bean
        Warmer standingsWarmer(LoadingCache<String, Standings> standings) {
            return standings.warmer(() -> Stream.of("A", "B", "C")).build();
        }

        @Bean
        Job cleaning(Repository repository) {
            return Job.of("clean", run -> Map.of("deleted", repository.deleteOld()))
                    .every(Duration.ofHours(1));
        }

        @Bean
        Repository repository() {
            return new Repository();
        }
    }
}
