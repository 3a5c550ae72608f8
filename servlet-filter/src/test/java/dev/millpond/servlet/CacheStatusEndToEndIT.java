package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.testkit.FakeTicker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheStatusEndToEndIT {

    private final FakeTicker time = new FakeTicker();
    private final AtomicBoolean sourceDown = new AtomicBoolean();
    private final CacheRegistry caches =
            CacheRegistry.builder().ticker(time).clock(time).build();
    private final LoadingCache<String, String> standings = caches.newCache("standings", String.class)
            .timeToLive(Duration.ofMinutes(5))
            .serveStaleFor(Duration.ofHours(1))
            .jitter(0)
            .build(this::load);
    private final WebApp app = new WebApp()
            .filter(CacheStatusFilter.of(caches))
            .servlet("/standings", (request, response) -> response.getWriter().print(standings.get("A")));

    private String load(String group) {
        if (sourceDown.get()) {
            throw new IllegalStateException("the source is down");
        }
        return "table of " + group;
    }

    @AfterEach
    void close() {
        caches.close();
    }

    private static String status(HttpResponse<String> response) {
        assertThat(response.body()).isEqualTo("table of A");
        String field = response.headers().firstValue("Cache-Status").orElse("absent");
        assertThat(Fields.parse(field)).hasSize(1);
        return field;
    }

    @Test
    void realCache_answersExplainThemselves() throws Exception {
        try (WebServer server = Container.TOMCAT.start(app)) {
            assertThat(status(server.get("/standings")))
                    .isEqualTo("\"standings\";fwd=miss;stored;ttl=300;detail=LOADER");

            time.advance(Duration.ofSeconds(13));
            assertThat(status(server.get("/standings"))).isEqualTo("\"standings\";hit;ttl=287;detail=LOCAL");

            standings.invalidate("A");
            assertThat(status(server.get("/standings")))
                    .isEqualTo("\"standings\";fwd=miss;stored;ttl=300;detail=LOADER");

            sourceDown.set(true);
            time.advance(Duration.ofSeconds(312));
            assertThat(status(server.get("/standings"))).isEqualTo("\"standings\";fwd=stale;ttl=-12;detail=STALE");
        }
    }
}
