package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchException;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.FakeRedisConnection;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class MillpondSwitchesAutoConfigurationTest {

    private static final Client CLIENT = Client.ofAddress("192.0.2.1");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondSwitchesAutoConfiguration.class,
                    MillpondCacheAutoConfiguration.class,
                    MillpondRateLimitAutoConfiguration.class));

    private static boolean admits(RateLimiter limiter) {
        return limiter.tryAcquire(CLIENT, 1_000).allowed();
    }

    @Test
    void switches_nothingSet_turnLimitsOffAndOn() {
        runner.run(context -> {
            Switches switches = context.getBean(Switches.class);
            RateLimiter limiter = context.getBean(RateLimiter.class);
            assertThat(admits(limiter)).isFalse();
            switches.set(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.FLEET, "alice");
            assertThat(admits(limiter)).isTrue();
            switches.takeBack(Switch.RATE_LIMIT, SwitchScope.FLEET, "alice");
            assertThat(admits(limiter)).isFalse();
        });
    }

    @Test
    void switches_rateLimitsDisabled_canTurnThemOn() {
        runner.withPropertyValues("millpond.rate-limit.enabled=false").run(context -> {
            Switches switches = context.getBean(Switches.class);
            assertThat(switches.state(Switch.RATE_LIMIT).mode()).isEqualTo(SwitchMode.OFF);
            assertThat(admits(context.getBean(RateLimiter.class))).isTrue();
            switches.set(Switch.RATE_LIMIT, SwitchMode.ON, SwitchScope.NODE, "alice");
            assertThat(admits(context.getBean(RateLimiter.class))).isFalse();
        });
    }

    @Test
    void switches_cachesDisabled_canTurnThemOn() {
        runner.withPropertyValues("millpond.cache.enabled=false").run(context -> {
            Switches switches = context.getBean(Switches.class);
            Cache<String, Integer> cache = numbers(context.getBean(CacheRegistry.class));
            assertThat(switches.state(Switch.cache("numbers")).mode()).isEqualTo(SwitchMode.OFF);
            assertThat(loadsOfTwoReads(cache)).isEqualTo(2);
            switches.set(Switch.CACHE, SwitchMode.ON, SwitchScope.FLEET, "alice");
            assertThat(loadsOfTwoReads(cache)).isEqualTo(1);
        });
    }

    @Test
    void switches_oneCacheDisabled_canTurnItOn() {
        runner.withPropertyValues("millpond.cache.caches.numbers.enabled=false").run(context -> {
            Switches switches = context.getBean(Switches.class);
            Cache<String, Integer> cache = numbers(context.getBean(CacheRegistry.class));
            assertThat(loadsOfTwoReads(cache)).isEqualTo(2);
            switches.set(Switch.cache("numbers"), SwitchMode.ON, SwitchScope.NODE, "alice");
            assertThat(loadsOfTwoReads(cache)).isEqualTo(1);
        });
    }

    private static Cache<String, Integer> numbers(CacheRegistry registry) {
        return registry.newCache("numbers", Integer.class).build();
    }

    private static int loadsOfTwoReads(Cache<String, Integer> cache) {
        AtomicInteger loads = new AtomicInteger();
        cache.get("one", key -> loads.incrementAndGet());
        cache.get("one", key -> loads.incrementAndGet());
        return loads.get();
    }

    @Test
    void switches_nodeName_isTheirs() {
        runner.withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .withPropertyValues("millpond.node-name=shop-1", "millpond.namespace=shop")
                .run(context -> Assertions.assertThatThrownBy(() -> context.getBean(Switches.class)
                                .keep(Switch.CACHE, SwitchMode.OFF, SwitchScope.NODE, "alice"))
                        .isInstanceOf(SwitchException.class)
                        .hasMessageStartingWith(
                                "Switch 'cache': Switches under 'shop:switches' may not have been changed"));
    }

    @Test
    void switches_millpondDisabled_areNotThere() {
        runner.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Switches.class));
    }

    @Test
    void switches_ofTheApplication_win() {
        Switches own = Switches.builder().build();
        own.set(Switch.RATE_LIMIT, SwitchMode.OFF, SwitchScope.NODE, "alice");
        runner.withBean(Switches.class, () -> own).run(context -> {
            assertThat(context.getBean(Switches.class)).isSameAs(own);
            assertThat(admits(context.getBean(RateLimiter.class))).isTrue();
        });
    }
}
