package dev.millpond.examples.boot;

import dev.millpond.examples.contract.RunningApplication;
import dev.millpond.runtime.RedisConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The Boot application under test. */
record RunningBoot(ConfigurableApplicationContext context) implements RunningApplication {

    /** Starts it on a free port, with settings as a command line would give them. */
    static RunningBoot start(String databaseUrl, String... settings) {
        return new RunningBoot(new SpringApplicationBuilder(StandingsApplication.class)
                .properties("spring.main.banner-mode=off")
                .run(concat(
                        settings,
                        "--server.port=0",
                        "--server.tomcat.basedir=target/tomcat",
                        "--STANDINGS_DB_URL=" + databaseUrl)));
    }

    private static String[] concat(String[] settings, String... more) {
        return Stream.of(settings, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve(path)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    /** Returns how many of its calls went to Redis together with others. */
    long groupedCalls() {
        return context.getBean(RedisConnection.class).stats().calls().grouped();
    }

    @Override
    public void close() {
        context.close();
    }
}
