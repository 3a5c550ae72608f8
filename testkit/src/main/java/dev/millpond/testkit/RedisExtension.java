package dev.millpond.testkit;

import dev.millpond.testkit.internal.RedisLocator;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of a class a real Redis, running and empty when the class begins.
 *
 * <p>Use it as a static field with {@code @RegisterExtension}, or name it in {@code @ExtendWith} and take a
 * {@link RedisServer} as a parameter of a test or life cycle method.
 *
 * <p>Which Redis: the one that the environment variable {@code MILLPOND_TEST_REDIS} names ({@code redis://host:port};
 * its database is emptied); else a container, if Docker answers; else a redis-server process on a free port of
 * 127.0.0.1, from the PATH or the one that comes with this module for Linux and macOS. The first use in a JVM decides
 * and starts it, all test classes share it, and it ends with the JVM. Test classes that run at the same time in one JVM
 * would empty it for each other.
 */
public final class RedisExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private boolean prepared;

    /** For {@code @ExtendWith}; elsewhere use {@link #create()}. */
    public RedisExtension() {}

    /** Returns an extension for a field with {@code @RegisterExtension}. */
    public static RedisExtension create() {
        return new RedisExtension();
    }

    /**
     * Returns the server.
     *
     * @throws IllegalStateException if none is found and none can be started on this machine
     */
    public RedisServer server() {
        return RedisLocator.shared();
    }

    /**
     * Returns the URL to connect to, for example {@code redis://127.0.0.1:16379}.
     *
     * @throws IllegalStateException if no server is found and none can be started on this machine
     */
    public String url() {
        return server().url();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        prepare();
    }

    /** Does what {@link #beforeAll} does if the extension was registered by a field that is not static. */
    @Override
    public void beforeEach(ExtensionContext context) {
        if (!prepared) {
            prepare();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RedisServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return server();
    }

    private void prepare() {
        RedisServer redis = RedisLocator.sharedToEmpty();
        if (redis.controllable()) {
            redis.resume();
            redis.start();
        }
        redis.flush();
        prepared = true;
    }
}
