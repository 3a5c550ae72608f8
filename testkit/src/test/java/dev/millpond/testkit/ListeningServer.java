package dev.millpond.testkit;

import org.jspecify.annotations.Nullable;

/** Stands for anything that listens on a port of 127.0.0.1. */
record ListeningServer(int port) implements RedisServer {

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public boolean controllable() {
        return false;
    }

    @Override
    public void start() {
        throw new AssertionError("It is there already.");
    }

    @Override
    public void stop() {
        throw new AssertionError("It is not controllable.");
    }

    @Override
    public void pause() {
        throw new AssertionError("It is not controllable.");
    }

    @Override
    public void resume() {
        throw new AssertionError("It is not controllable.");
    }

    @Override
    public void flush() {
        throw new AssertionError("It is no Redis.");
    }

    @Override
    public @Nullable Object command(String... words) {
        throw new AssertionError("It is no Redis.");
    }
}
