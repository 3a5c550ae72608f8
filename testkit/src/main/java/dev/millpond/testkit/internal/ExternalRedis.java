package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Redis that {@code MILLPOND_TEST_REDIS} names: used and emptied, never stopped. */
final class ExternalRedis implements RedisServer {

    private final URI uri;
    private final RespClient client;

    private ExternalRedis(URI uri) {
        this.uri = uri;
        this.client = new RespClient(uri.getHost(), uri.getPort(), greeting(uri));
    }

    static ExternalRedis at(String url) {
        URI uri = URI.create(url);
        if (!"redis".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException("MILLPOND_TEST_REDIS '" + withoutPassword(url)
                    + "' has no redis:// scheme, host and port. Use redis://host:port.");
        }
        return new ExternalRedis(uri);
    }

    @Override
    public String host() {
        return uri.getHost();
    }

    @Override
    public int port() {
        return uri.getPort();
    }

    @Override
    public String url() {
        return uri.toString();
    }

    @Override
    public boolean controllable() {
        return false;
    }

    @Override
    public void start() {
        throw refusal("started");
    }

    @Override
    public void stop() {
        throw refusal("stopped");
    }

    @Override
    public void pause() {
        throw refusal("paused");
    }

    @Override
    public void resume() {
        throw refusal("resumed");
    }

    @Override
    public void flush() {
        client.command("FLUSHDB");
    }

    @Override
    public @Nullable Object command(String... words) {
        return client.command(words);
    }

    @Override
    public String toString() {
        return "MILLPOND_TEST_REDIS";
    }

    private IllegalStateException refusal(String action) {
        return new IllegalStateException("Redis at " + withoutPassword(url()) + " cannot be " + action
                + ": it was named by MILLPOND_TEST_REDIS and belongs to somebody else. Check controllable() first, or unset"
                + " MILLPOND_TEST_REDIS.");
    }

    private static List<List<String>> greeting(URI uri) {
        List<List<String>> commands = new ArrayList<>();
        if (uri.getUserInfo() != null) {
            String[] user = uri.getUserInfo().split(":", 2);
            boolean named = user.length == 2 && !user[0].isEmpty();
            commands.add(named ? List.of("AUTH", user[0], user[1]) : List.of("AUTH", user[user.length - 1]));
        }
        if (uri.getPath() != null && uri.getPath().length() > 1) {
            commands.add(List.of("SELECT", uri.getPath().substring(1)));
        }
        return commands;
    }

    private static String withoutPassword(String url) {
        return url.replaceAll("://.*@", "://***@");
    }
}
