package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Runs code with a class path that lacks Redisson, an optional dependency. */
final class WithoutRedissonTest {

    private final URLClassLoader classPath = new URLClassLoader(
            Stream.of(RedisConnection.class, WithoutRedissonTest.class, Logger.class, NullMarked.class)
                    .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                    .toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());

    @AfterEach
    void close() throws Exception {
        classPath.close();
    }

    @Test
    void connection_notUsed_leavesItsUsersWorking() throws Exception {
        Supplier<?> user = instance(Supplier.class, "EmbeddedUser");

        assertThat(user.get()).isEqualTo("without Redis");
    }

    @Test
    void to_redissonMissing_saysWhatToAdd() throws Exception {
        UnaryOperator<Object> connector = instance(UnaryOperator.class, "Connector");

        assertThatIllegalStateException()
                .isThrownBy(() -> connector.apply("redis://localhost:6379"))
                .withMessage("RedisConnection needs Redisson, which is not on the class path."
                        + " Add the dependency org.redisson:redisson.");
        assertThatIllegalArgumentException().isThrownBy(() -> connector.apply("localhost"));
    }

    @Test
    void ofYaml_redissonMissing_saysWhatToAdd() throws Exception {
        UnaryOperator<Object> connector = instance(UnaryOperator.class, "YamlConnector");

        assertThatIllegalStateException()
                .isThrownBy(() -> connector.apply("singleServerConfig: {}"))
                .withMessageStartingWith("RedisConnection needs Redisson");
    }

    @SuppressWarnings("unchecked")
    private <T> T instance(Class<? super T> type, String nestedClass) throws ReflectiveOperationException {
        Class<?> loaded = classPath.loadClass(WithoutRedissonTest.class.getName() + "$" + nestedClass);
        assertThat(loaded.getClassLoader()).isSameAs(classPath);
        return (T) type.cast(loaded.getDeclaredConstructor().newInstance());
    }

    /** Uses the connection only if there is one, as a registry does. */
    public static final class EmbeddedUser implements Supplier<String> {

        private final @Nullable RedisConnection connection = null;

        @Override
        public String get() {
            return connection == null ? "without Redis" : "with Redis: " + connection.available();
        }
    }

    /** Connects to a URL. */
    public static final class Connector implements UnaryOperator<Object> {
        @Override
        public Object apply(Object url) {
            return RedisConnection.to((String) url);
        }
    }

    /** Connects as a configuration says. */
    public static final class YamlConnector implements UnaryOperator<Object> {
        @Override
        public Object apply(Object yaml) {
            return RedisConnection.ofYaml((String) yaml);
        }
    }
}
