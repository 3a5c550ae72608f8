package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.spring.autoconfigure.MillpondCacheAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondCacheManagerAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondSwitchesAutoConfiguration;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class AsyncCachingTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MillpondCacheAutoConfiguration.class, MillpondCacheManagerAutoConfiguration.class))
            .withUserConfiguration(Application.class);

    @Test
    void cacheable_future_isCachedByItsValue() {
        withFeed((feed, calls) -> {
            assertThat(feed.future(1).join()).isEqualTo("item 1, call 1");
            assertThat(feed.future(1).join()).isEqualTo("item 1, call 1");
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    void cacheable_futureOfNull_isRememberedAsAbsent() {
        withFeed((feed, calls) -> {
            assertThat(feed.absent(1).join()).isNull();
            assertThat(feed.absent(1).join()).isNull();
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    void cacheable_futureThatFails_isNotCached() {
        withFeed((feed, calls) -> {
            assertThatThrownBy(() -> feed.failing(1).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("down 1");
            assertThatThrownBy(() -> feed.failing(1).get()).cause().hasMessage("down 2");
        });
    }

    @Test
    void cacheable_manyFuturesAtOnce_shareOneCall() {
        withFeed((feed, calls) -> {
            CompletableFuture<?>[] answers = Stream.generate(() -> feed.slow(1))
                    .limit(50)
                    .peek(answer -> assertThat(answer).isNotDone())
                    .toArray(CompletableFuture[]::new);
            feed.finishSlow();
            assertThat(CompletableFuture.allOf(answers)).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    void cacheable_mono_isCachedByItsValue() {
        withFeed((feed, calls) -> {
            assertThat(feed.mono(1).block()).isEqualTo("item 1, call 1");
            assertThat(feed.mono(1).block()).isEqualTo("item 1, call 1");
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    void cacheable_monoIsCancelled_itsOtherCallersAreAnswered() {
        withFeed((feed, calls) -> {
            CompletableFuture<@Nullable String> first = feed.slowMono(1).toFuture();
            CompletableFuture<@Nullable String> second = feed.slowMono(1).toFuture();

            first.cancel(true);
            feed.finishSlow();

            assertThat(second).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("item 1, call 1");
            assertThat(feed.slowMono(1).block()).isEqualTo("item 1, call 1");
        });
    }

    @Test
    void cacheable_future_logsInTheContextOfItsCaller() {
        withFeed((feed, calls) -> {
            MDC.put("id", "one");
            try {
                assertThat(feed.logged(1).join()).isEqualTo("one");
            } finally {
                MDC.clear();
            }
        });
    }

    @Test
    void cacheable_flux_isCachedAsAList() {
        withFeed((feed, calls) -> {
            assertThat(feed.flux(2).collectList().block()).isEqualTo(List.of("item 0, call 1", "item 1, call 1"));
            assertThat(feed.flux(2).collectList().block()).isEqualTo(List.of("item 0, call 1", "item 1, call 1"));
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    void cacheable_futureInTwoCaches_isCached() {
        withFeed((feed, calls) -> {
            feed.inTwoCaches(1).join();
            feed.inTwoCaches(1).join();
            assertThat(calls).hasValue(1);
        });
    }

    @Test
    void cacheable_futureUnlessMet_isNotKept() {
        withFeed((feed, calls) -> {
            feed.unlessFirst(1).join();
            feed.unlessFirst(1).join();
            feed.unlessFirst(1).join();
            assertThat(calls).hasValue(2);
        });
    }

    @Test
    void cacheable_cacheDisabled_callsEachTime() {
        runner.withPropertyValues("millpond.cache.caches.futures.enabled=false").run(context -> {
            Feed feed = context.getBean(Feed.class);
            assertThat(feed.future(1).join()).isEqualTo("item 1, call 1");
            assertThat(feed.future(1).join()).isEqualTo("item 1, call 2");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "1%"})
    void cacheable_offByASwitch_eachCallHasItsOwnFate(String mode) {
        runner.withConfiguration(AutoConfigurations.of(MillpondSwitchesAutoConfiguration.class))
                .run(context -> {
                    Feed feed = context.getBean(Feed.class);
                    assertThat(feed.future(1)).succeedsWithin(10, TimeUnit.SECONDS); // the cache manager is in use
                    context.getBean(Switches.class)
                            .set(Switch.CACHE, SwitchMode.parse(mode), SwitchScope.NODE, "alice");
                    context.getBean(AtomicInteger.class).set(0);

                    CompletableFuture<?> one = feed.firstHangs(1);
                    CompletableFuture<?> two = feed.firstHangs(1);

                    assertThat(CompletableFuture.anyOf(one, two))
                            .succeedsWithin(10, TimeUnit.SECONDS)
                            .isEqualTo("item 1, call 2");
                    feed.finishSlow();
                    assertThat(CompletableFuture.allOf(one, two)).succeedsWithin(10, TimeUnit.SECONDS);
                });
    }

    private void withFeed(BiConsumer<Feed, AtomicInteger> test) {
        runner.run(context -> test.accept(context.getBean(Feed.class), context.getBean(AtomicInteger.class)));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {

        @Bean
        AtomicInteger calls() {
            return new AtomicInteger();
        }

        @Bean
        Feed feed(AtomicInteger calls) {
            return new Feed(calls);
        }
    }

    static class Feed {

        private final AtomicInteger calls;
        private final CompletableFuture<Void> slow = new CompletableFuture<>();

        Feed(AtomicInteger calls) {
            this.calls = calls;
        }

        public void finishSlow() {
            slow.complete(null);
        }

        private String item(int id) {
            return "item " + id + ", call " + calls.get();
        }

        @Cacheable("futures")
        public CompletableFuture<String> future(int id) {
            calls.incrementAndGet();
            return CompletableFuture.supplyAsync(() -> item(id));
        }

        @Cacheable("absent")
        public CompletableFuture<@Nullable String> absent(int id) {
            calls.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        }

        @Cacheable("failing")
        public CompletableFuture<String> failing(int id) {
            return CompletableFuture.failedFuture(new IOException("down " + calls.incrementAndGet()));
        }

        @Cacheable("slow")
        public CompletableFuture<String> slow(int id) {
            calls.incrementAndGet();
            return slow.thenApply(done -> item(id));
        }

        @Cacheable("hanging")
        public CompletableFuture<String> firstHangs(int id) {
            return calls.incrementAndGet() == 1
                    ? slow.thenApply(done -> item(id))
                    : CompletableFuture.completedFuture(item(id));
        }

        @Cacheable("monos")
        public Mono<String> mono(int id) {
            return Mono.fromSupplier(() -> {
                calls.incrementAndGet();
                return item(id);
            });
        }

        @Cacheable("slow-monos")
        public Mono<String> slowMono(int id) {
            return Mono.fromFuture(() -> {
                calls.incrementAndGet();
                return slow.thenApply(done -> item(id));
            });
        }

        @Cacheable("logged")
        public CompletableFuture<String> logged(int id) {
            return CompletableFuture.completedFuture(String.valueOf(MDC.get("id")));
        }

        @Cacheable("fluxes")
        public Flux<String> flux(int count) {
            calls.incrementAndGet();
            return Flux.range(0, count).map(this::item);
        }

        @Cacheable({"one", "two"})
        public CompletableFuture<String> inTwoCaches(int id) {
            calls.incrementAndGet();
            return CompletableFuture.completedFuture(item(id));
        }

        @Cacheable(cacheNames = "unless", unless = "#result.endsWith('call 1')")
        public CompletableFuture<String> unlessFirst(int id) {
            calls.incrementAndGet();
            return CompletableFuture.completedFuture(item(id));
        }
    }
}
