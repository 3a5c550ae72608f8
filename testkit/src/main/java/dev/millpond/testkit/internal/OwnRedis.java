package dev.millpond.testkit.internal;

import dev.millpond.testkit.RedisServer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A Redis that was started for the tests, and may be broken by them. */
final class OwnRedis implements RedisServer {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Engine engine;
    private final RespClient client;
    private boolean paused;

    private OwnRedis(Engine engine) {
        this.engine = engine;
        this.client = new RespClient(engine.host(), engine.port());
    }

    static OwnRedis launch(Engine engine) {
        OwnRedis redis = new OwnRedis(engine);
        redis.start();
        return redis;
    }

    @Override
    public String host() {
        return engine.host();
    }

    @Override
    public int port() {
        return engine.port();
    }

    @Override
    public String url() {
        return "redis://" + host() + ":" + port();
    }

    /** Tells whether it runs and is not frozen, so that asking it something makes sense. */
    synchronized boolean running() {
        return engine.alive() && !paused;
    }

    @Override
    public boolean controllable() {
        return true;
    }

    @Override
    public synchronized void start() {
        if (engine.alive()) {
            return;
        }
        engine.start();
        paused = false;
        boolean decided = Poll.until(START_LIMIT, () -> !engine.alive() || client.answers());
        if (!decided || !engine.alive()) {
            String output = engine.output();
            stop();
            throw new IllegalStateException("The " + engine + " did not answer on port " + port() + " within "
                    + START_LIMIT.toSeconds() + " s: " + output);
        }
    }

    @Override
    public synchronized void stop() {
        if (engine.alive()) {
            resume();
            engine.kill();
        }
    }

    @Override
    public synchronized void pause() {
        if (!engine.alive()) {
            throw new IllegalStateException(
                    "Redis at " + url() + " does not run, so it cannot be paused. Start it first.");
        }
        if (!paused) {
            engine.freeze();
            paused = true;
        }
    }

    @Override
    public synchronized void resume() {
        if (paused) {
            engine.thaw();
            paused = false;
        }
    }

    @Override
    public void flush() {
        client.command("FLUSHALL");
    }

    @Override
    public @Nullable Object command(String... words) {
        return client.command(words);
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
