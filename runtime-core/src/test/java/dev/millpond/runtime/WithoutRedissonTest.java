package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Runs code with a class path that lacks Redisson, an optional dependency. */
final class WithoutRedissonTest {

    private final BareClassPath classPath =
            new BareClassPath(RedisConnection.class, WithoutRedissonTest.class, Logger.class, NullMarked.class);

    @AfterEach
    void close() throws Exception {
        classPath.close();
    }

    @Test
    void connection_notUsed_leavesItsUsersWorking() throws Exception {
        Supplier<?> user = classPath.instance(Supplier.class, EmbeddedUser.class);

        assertThat(user.get()).isEqualTo("without Redis");
    }

    @Test
    void to_redissonMissing_saysWhatToAdd() throws Exception {
        UnaryOperator<Object> connector = classPath.instance(UnaryOperator.class, Connector.class);

        assertThatIllegalStateException()
                .isThrownBy(() -> connector.apply("redis://localhost:6379"))
                .withMessage("RedisConnection needs Redisson, which is not on the class path."
                        + " Add the dependency org.redisson:redisson.");
        assertThatIllegalArgumentException().isThrownBy(() -> connector.apply("localhost"));
    }

    @Test
    void ofYaml_redissonMissing_saysWhatToAdd() throws Exception {
        UnaryOperator<Object> connector = classPath.instance(UnaryOperator.class, YamlConnector.class);

        assertThatIllegalStateException()
                .isThrownBy(() -> connector.apply("singleServerConfig: {}"))
                .withMessageStartingWith("RedisConnection needs Redisson");
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
