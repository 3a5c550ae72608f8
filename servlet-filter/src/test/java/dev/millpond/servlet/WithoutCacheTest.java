package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class WithoutCacheTest {

    private final ClassLoader loader = new LoaderWithoutCache();

    @Test
    void rateLimitFilter_noCacheOnTheClassPath_works() throws Exception {
        Callable<?> exchange = (Callable<?>) loader.loadClass(DeniedExchange.class.getName())
                .getConstructor()
                .newInstance();

        assertThat(exchange.getClass()).isNotEqualTo(DeniedExchange.class);
        assertThat(exchange.call()).isEqualTo(429);
    }

    @Test
    void cacheStatusFilter_noCacheOnTheClassPath_cannotBeMade() throws Exception {
        Class<?> filter = loader.loadClass(CacheStatusFilter.class.getName());

        assertThatThrownBy(filter::getDeclaredMethods)
                .isInstanceOf(NoClassDefFoundError.class)
                .hasMessageContaining("dev/millpond/cache/");
    }

    /** A request that is denied; answers the status. */
    public static final class DeniedExchange implements Callable<Integer> {

        /** Creates it; called by reflection. */
        public DeniedExchange() {}

        @Override
        public Integer call() throws Exception {
            FakeResponse response = new FakeResponse();
            RateLimitFilter.builder(FakeRateLimiter.denying())
                    .clientKey(
                            ClientKey.header("X-API-Key").or(ClientKey.bearer()).or(ClientKey.principal()))
                    .trustedProxies("10.0.0.0/8")
                    .build()
                    .doFilter(new FakeRequest(), response, (request, answer) -> response.setStatus(200));
            return response.getStatus();
        }
    }

    /** Defines the classes of this module anew, and knows no class of the cache. */
    private static final class LoaderWithoutCache extends ClassLoader {

        LoaderWithoutCache() {
            super(WithoutCacheTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.millpond.cache.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.millpond.servlet.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
