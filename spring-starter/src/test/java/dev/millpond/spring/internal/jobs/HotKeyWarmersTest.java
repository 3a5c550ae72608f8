package dev.millpond.spring.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult.Source;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.WarmUpReport;
import dev.millpond.cache.Warmer;
import dev.millpond.spring.FakeRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;

final class HotKeyWarmersTest {

    private final List<Duration> waits = new ArrayList<>();
    private final CacheRegistry caches = CacheRegistry.builder().build();
    private final LoadingCache<Long, String> products =
            caches.newCache("products", String.class).hotKeys(10).build((Long id) -> "product " + id);

    @AfterEach
    void close() {
        caches.close();
    }

    private Warmer warmer(boolean available) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        RootBeanDefinition bean = new RootBeanDefinition();
        bean.setTargetType(ResolvableType.forClassWithGenerics(LoadingCache.class, Long.class, String.class));
        bean.setInstanceSupplier(() -> products);
        beans.registerBeanDefinition("products", bean);
        FakeRedisConnection redis = new FakeRedisConnection(available) {
            @Override
            public boolean awaitAvailable(Duration maxWait) {
                waits.add(maxWait);
                return super.awaitAvailable(maxWait);
            }
        };
        return HotKeyWarmers.of(List.of("products"), List.of(), beans, redis)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void run_redisDoesNotComeInTime_warmsWhatThisNodeHasRead() {
        Warmer warmer = warmer(false);
        products.get(1L);
        products.get(2L);
        products.invalidateAll();

        WarmUpReport report = warmer.run();

        assertThat(waits).containsExactly(Duration.ofSeconds(5));
        assertThat(report.loaded()).isEqualTo(2);
        assertThat(report.ending()).isEqualTo(WarmUpReport.Ending.COMPLETED);
        assertThat(products.lookup(1L).source()).isEqualTo(Source.LOCAL);
    }

    @Test
    void of_noRunYet_doesNotWaitForRedis() {
        assertThat(warmer(false).name()).isEqualTo("products");
        assertThat(waits).isEmpty();
    }
}
