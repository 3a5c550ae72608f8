package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.testkit.RedisExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import shop.Shop;

/** The code of docs/warm-up.md is here or in {@link Shop}, and works with the properties of that page. */
@Tag("one-jdk")
final class WarmUpPageIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final Path SOURCES = Path.of("src/test/java");

    @Test
    void page_javaBlocks_areThisCode() throws IOException {
        String here =
                MarkdownPage.withoutIndent(Files.readString(SOURCES.resolve("dev/millpond/spring/WarmUpPageIT.java")));
        String application = Files.readString(SOURCES.resolve("shop/Shop.java"));

        assertThat(MarkdownPage.of("warm-up.md").blocks("java"))
                .hasSize(4)
                .contains(application)
                .filteredOn(block -> !block.equals(application))
                .allSatisfy(block -> assertThat(here).contains(MarkdownPage.withoutIndent(block)));
    }

    @Test
    void page_application_isWarmBeforeTheFirstRequest() throws IOException {
        try (RunningApplication shop = RunningApplication.start(new SpringApplicationBuilder(Shop.class)
                .initializers(
                        context -> settings().forEach(context.getEnvironment().getPropertySources()::addLast))
                .properties(
                        "spring.autoconfigure.exclude=org.springframework.boot.security.autoconfigure.web.servlet."
                                + "ServletWebSecurityAutoConfiguration,org.springframework.boot.security.autoconfigure."
                                + "actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                        "REDIS_URL=" + redis.url()))) {
            assertThat(shop.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(shop.get("/categories/tea").headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(status -> assertThat(status).startsWith("\"categories\";hit;"));
            assertThat(shop.bean(Jobs.class).states())
                    .extracting(JobState::name)
                    .containsExactly("refresh:categories", "warm-up:categories", "warm-up:products");
            assertThat(shop.get("/actuator/millpondjobs").body()).contains("\"loaded\":3");
        }
    }

    /** Returns what the page has readers put into their application.yml. */
    private static List<PropertySource<?>> settings() {
        try {
            String yaml = MarkdownPage.of("warm-up.md").blocks("yaml").get(0);
            return new YamlPropertySourceLoader()
                    .load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void page_warmerInPlainJava_warms() {
        Leagues leagues = () -> Stream.of(39L, 40L);
        try (CacheRegistry caches = CacheRegistry.builder().build();
                RedisConnection redis = new FakeRedisConnection(false)) {
            LoadingCache<Long, Table> tables =
                    caches.newCache("standings", Table.class).build((Long league) -> new Table(league));

            Warmer standings = tables.warmer(() -> leagues.ids()) // a Stream of keys, read bit by bit at each run
                    .loadsPerSecond(50)
                    .build();

            Jobs jobs = Jobs.builder()
                    .redis(redis) // leave it out for one process
                    .namespace("shop")
                    .job(standings.warmUp()) // at the start, on each node: what is missing
                    .job(standings.refresh().every(Duration.ofMinutes(5))) // on one node of the fleet: all, anew
                    .build();
            jobs.start();

            assertThat(jobs.awaitFirstRuns(List.of("warm-up:standings"), Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(tables.getIfPresent(39L)).isPresent();
            jobs.close();
        }
    }

    @Test
    void page_notModified_keepsTheValue() {
        Source source = (league, version) -> new Response(league, version.isPresent());
        try (CacheRegistry caches = CacheRegistry.builder().build()) {
            LoadingCache<Long, Table> tables = caches.newCache("tables", Table.class)
                    .build((Long league, LoadContext load) -> {
                        Response response = source.table(league, load.lastVersion()); // If-None-Match
                        if (response.isNotModified()) {
                            return load.notModified();
                        }
                        load.version(response.etag());
                        return response.table();
                    });
            Table first = tables.get(39L);

            assertThat(tables.refresh(39L)).containsSame(first);
        }
    }

    @Test
    void page_hotKeys_areThoseThatWereRead() {
        try (CacheRegistry caches = CacheRegistry.builder().build()) {
            LoadingCache<Long, Table> products =
                    caches.newCache("products", Table.class).hotKeys(1_000).build((Long id) -> new Table(id));
            products.get(7L);

            Warmer hot = products.warmer(() -> products.hotKeys().as(Long.class).stream())
                    .build();

            assertThat(hot.run().planned()).isEqualTo(1);
        }
    }

    record Table(long league) {}

    interface Leagues {

        Stream<Long> ids();
    }

    interface Source {

        Response table(long league, Optional<String> version);
    }

    record Response(long league, boolean isNotModified) {

        String etag() {
            return "v1";
        }

        @Nullable
        Table table() {
            return new Table(league);
        }
    }
}
