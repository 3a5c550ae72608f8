package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Runs code with a class path that lacks Testcontainers, which users may exclude. */
final class WithoutTestcontainersTest {

    @Test
    void startIfDockerAnswers_testcontainersMissing_findsNothing() throws Exception {
        URL[] urls = Stream.of(RedisLocator.class, WithoutTestcontainersTest.class, Logger.class, NullMarked.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        try (URLClassLoader classPath = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Class<?> search = classPath.loadClass(Search.class.getName());

            assertThat(search.getClassLoader()).isSameAs(classPath);
            assertThat(((BooleanSupplier) search.getDeclaredConstructor().newInstance()).getAsBoolean())
                    .isFalse();
        }
    }

    /** Looks for a container. */
    public static final class Search implements BooleanSupplier {
        @Override
        public boolean getAsBoolean() {
            return ContainerLocator.startIfDockerAnswers().isPresent();
        }
    }
}
