package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.FakeRedisConnection;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class MillpondRedisAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MillpondRedisAutoConfiguration.class));

    @Test
    void connection_nothingSet_isNotMade() {
        runner.run(context -> assertThat(context).doesNotHaveBean(RedisConnection.class));
    }

    @Test
    void connection_emptyUrl_isNotMade() {
        runner.withPropertyValues("millpond.redis.url=")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisConnection.class));
    }

    @Test
    void connection_emptyUrlAndConfigurationFile_isMadeFromTheFile() {
        runner.withPropertyValues("millpond.redis.url=", "millpond.redis.config=classpath:redisson-test.yaml")
                .run(context -> assertThat(context).hasSingleBean(RedisConnection.class));
    }

    @Test
    void connection_url_isMadeThoughNobodyAnswersThere() {
        runner.withPropertyValues("millpond.redis.url=redis://127.0.0.1:1").run(context -> {
            assertThat(context).hasSingleBean(RedisConnection.class);
            assertThat(context.getBean(RedisConnection.class).available()).isFalse();
        });
    }

    @Test
    void connection_configurationFile_isMade() {
        runner.withPropertyValues("millpond.redis.config=classpath:redisson-test.yaml")
                .run(context -> assertThat(context).hasSingleBean(RedisConnection.class));
    }

    @Test
    void connection_configurationFileMissing_stopsTheStart() {
        runner.withPropertyValues("millpond.redis.config=classpath:nowhere.yaml")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(java.io.FileNotFoundException.class)
                        .hasStackTraceContaining("Property 'millpond.redis.config' is 'classpath:nowhere.yaml', must be"
                                + " the location of a file that can be read. Give a location such as"
                                + " classpath:redisson.yaml or file:/etc/shop/redisson.yaml."));
    }

    @Test
    void connection_configurationFileOfSomethingElse_stopsTheStart() {
        runner.withPropertyValues("millpond.redis.config=classpath:logback-test.xml")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining(
                                "Property 'millpond.redis.config' is refused: Redisson configuration"));
    }

    @Test
    void connection_ofTheApplication_wins() {
        RedisConnection own = new FakeRedisConnection(true);
        runner.withPropertyValues("millpond.redis.url=redis://127.0.0.1:1")
                .withBean(RedisConnection.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(RedisConnection.class)).isSameAs(own));
    }

    @Test
    void connection_millpondDisabled_isNotMade() {
        runner.withPropertyValues("millpond.redis.url=redis://127.0.0.1:1", "millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(RedisConnection.class));
    }
}
