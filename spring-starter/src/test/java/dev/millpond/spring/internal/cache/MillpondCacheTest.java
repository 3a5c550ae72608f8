package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.cache.Cache;
import dev.millpond.cache.CacheLoadException;
import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

final class MillpondCacheTest {

    private final Cache<Object, Object> nativeCache = CacheRegistry.builder()
            .build()
            .newCache("cache", new TypeRef<Object>() {})
            .build();
    private final MillpondCache cache =
            new MillpondCache(nativeCache, new AsyncReads(Runnable::run, UnaryOperator.identity(), () -> true));
    private final PlatformTransactionManager transactions = new NoResource();
    private final TransactionTemplate transaction = new TransactionTemplate(transactions);
    private final TransactionTemplate nested = template(transactions, TransactionDefinition.PROPAGATION_NESTED);

    @Test
    void get_neverPut_isNull() {
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("a", String.class)).isNull();
    }

    @Test
    void get_put_isTheValue() {
        cache.put("a", "1");

        assertThat(cache.get("a")).extracting(ValueWrapper::get).isEqualTo("1");
        assertThat(cache.get("a", String.class)).isEqualTo("1");
        assertThat(cache.getNativeCache()).isSameAs(nativeCache);
        assertThat(cache.getName()).isEqualTo("cache");
    }

    @Test
    void get_nullPut_isAWrapperOfNull() {
        cache.put("a", "1");
        cache.put("a", null);

        assertThat(cache.get("a")).isNotNull().extracting(ValueWrapper::get).isNull();
    }

    @Test
    void get_otherTypeThanPut_throws() {
        cache.put("a", "1");

        assertThatThrownBy(() -> cache.get("a", Integer.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cache 'cache' has a value of class java.lang.String for the key, not of the required class"
                        + " java.lang.Integer. Ask for the type that was put.");
    }

    @Test
    void get_loaderIsNotAskedForWantOfAPermit_saysSo() throws Exception {
        MillpondCache busy = new MillpondCache(
                CacheRegistry.builder()
                        .build()
                        .newCache("busy", new TypeRef<Object>() {})
                        .leaseTime(Duration.ofMillis(10))
                        .maximumConcurrentLoads(1)
                        .build(),
                new AsyncReads(Runnable::run, UnaryOperator.identity(), () -> true));
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Object> other = CompletableFuture.supplyAsync(() -> busy.get("b", () -> {
            loading.countDown();
            goOn.await();
            return "b";
        }));
        loading.await();

        assertThatThrownBy(() -> busy.get("a", () -> "a"))
                .isInstanceOf(ValueRetrievalException.class)
                .cause()
                .isInstanceOf(CacheLoadException.class)
                .hasMessageContaining("maximumConcurrentLoads");
        assertThat(busy.retrieve("a", () -> CompletableFuture.completedFuture("a")))
                .isCompletedExceptionally();

        goOn.countDown();
        assertThat(other.get()).isEqualTo("b");
    }

    @Test
    void get_loaderThrows_isWrappedAsSpringWants() {
        assertThatThrownBy(() -> cache.get("a", () -> {
                    throw new IOException("down");
                }))
                .isInstanceOf(ValueRetrievalException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("down");
    }

    @Test
    void get_loader_isCalledOnce() {
        assertThat(cache.<String>get("a", () -> "1")).isEqualTo("1");
        assertThat(cache.<String>get("a", () -> "2")).isEqualTo("1");
    }

    @Test
    void get_keyOfSeveralArguments_equalsAnotherOfTheSame() {
        cache.put(new SimpleKey(1, "a"), "1");

        assertThat(cache.get(new SimpleKey(1, "a"), String.class)).isEqualTo("1");
    }

    @Test
    void putIfAbsent_nothingThere_putsAndReturnsNull() {
        assertThat(cache.putIfAbsent("a", "1")).isNull();
        assertThat(cache.get("a", String.class)).isEqualTo("1");
    }

    @Test
    void putIfAbsent_somethingThere_returnsIt() {
        cache.put("a", "1");

        assertThat(cache.putIfAbsent("a", "2"))
                .isNotNull()
                .extracting(ValueWrapper::get)
                .isEqualTo("1");
        assertThat(cache.get("a", String.class)).isEqualTo("1");
    }

    @Test
    void evict_present_isGone() {
        cache.put("a", "1");
        cache.evict("a");

        assertThat(cache.get("a")).isNull();
    }

    @Test
    void evictIfPresent_saysWhetherItWas() {
        cache.put("a", "1");

        assertThat(cache.evictIfPresent("a")).isTrue();
        assertThat(cache.evictIfPresent("a")).isFalse();
    }

    @Test
    void invalidate_saysWhetherThereWasAnything() {
        assertThat(cache.invalidate()).isFalse();
        cache.put("a", "1");
        assertThat(cache.invalidate()).isTrue();
        assertThat(cache.get("a")).isNull();
    }

    @Test
    void retrieve_present_isTheWrappedValue() {
        cache.put("a", "1");

        assertThat(cache.retrieve("a"))
                .isCompletedWithValueMatching(
                        found -> found instanceof ValueWrapper wrapper && "1".equals(wrapper.get()));
        assertThat(cache.retrieve("b")).isCompletedWithValue(null);
    }

    @Test
    void retrieve_loader_isCalledOnce() {
        assertThat(cache.retrieve("a", () -> CompletableFuture.completedFuture("1")))
                .isCompletedWithValue("1");
        assertThat(cache.retrieve("a", () -> CompletableFuture.completedFuture("2")))
                .isCompletedWithValue("1");
    }

    @Test
    void evict_inATransaction_isRepeatedAtItsEnd() {
        cache.put("a", "old");

        transaction.executeWithoutResult(status -> {
            cache.evict("a");
            assertThat(cache.get("a")).as("gone at once").isNull();
            cache.get("a", () -> "loaded by another thread before the commit");
        });

        assertThat(cache.get("a")).isNull();
    }

    @Test
    void evict_inATransactionThatIsRolledBack_takesOutWhatWasLoadedInIt() {
        transaction.executeWithoutResult(status -> {
            cache.evict("a");
            cache.get("a", () -> "never committed");
            status.setRollbackOnly();
        });

        assertThat(cache.get("a")).isNull();
    }

    @Test
    void clear_inATransaction_isRepeatedAtItsEnd() {
        transaction.executeWithoutResult(status -> {
            cache.clear();
            cache.get("a", () -> "old");
        });

        assertThat(cache.get("a")).isNull();
    }

    @Test
    void put_inATransaction_waitsForTheCommit() {
        cache.put("a", "old");

        transaction.executeWithoutResult(status -> {
            cache.put("a", "new");
            assertThat(cache.get("a")).isNull();
        });

        assertThat(cache.get("a", String.class)).isEqualTo("new");
    }

    @Test
    void put_nullInATransaction_waitsForTheCommit() {
        cache.put("a", "old");

        transaction.executeWithoutResult(status -> cache.put("a", null));

        assertThat(cache.get("a")).isNotNull().extracting(ValueWrapper::get).isNull();
    }

    @Test
    void put_inATransactionThatIsRolledBack_putsNothing() {
        cache.put("a", "old");

        transaction.executeWithoutResult(status -> {
            cache.put("a", "new");
            cache.put("b", null);
            status.setRollbackOnly();
        });

        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("b")).isNull();
    }

    @Test
    void put_inATransaction_isThereForWhoHearsOfTheCommit() {
        cache.put("a", "old");
        cache.put("b", "old");
        List<@Nullable ValueWrapper> heard = new ArrayList<>();

        transaction.executeWithoutResult(status -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    heard.add(cache.get("a"));
                    heard.add(cache.get("b"));
                }
            });
            cache.put("a", "new");
            cache.evict("b");
            cache.get("b", () -> "loaded by another thread before the commit");
        });

        assertThat(heard).hasSize(2);
        assertThat(heard.get(0)).isNotNull().extracting(ValueWrapper::get).isEqualTo("new");
        assertThat(heard.get(1)).isNull();
    }

    @Test
    void put_inANestedTransactionThatIsRolledBack_putsNothing() {
        cache.put("a", "old");

        transaction.executeWithoutResult(outer -> {
            cache.put("before", "new");
            nested.executeWithoutResult(inner -> {
                cache.put("a", "new");
                inner.setRollbackOnly();
            });
            nested.executeWithoutResult(inner -> cache.put("after", "new"));
        });

        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("before", String.class)).isEqualTo("new");
        assertThat(cache.get("after", String.class)).isEqualTo("new");
    }

    @Test
    void put_ruleOfTheMethodFailsAfterTheCommit_doesNotFailTheCommit() {
        transaction.executeWithoutResult(status -> cache.replace("a", (key, load) -> {
            throw new IllegalStateException("broken");
        }));

        assertThat(cache.get("a")).isNull();
    }

    private static TransactionTemplate template(PlatformTransactionManager transactions, int propagation) {
        TransactionTemplate template = new TransactionTemplate(transactions);
        template.setPropagationBehavior(propagation);
        return template;
    }

    /** A transaction that has nothing to undo. */
    private static final class Nothing implements SavepointManager {

        @Override
        public Object createSavepoint() {
            return new Object();
        }

        @Override
        public void rollbackToSavepoint(Object savepoint) {}

        @Override
        public void releaseSavepoint(Object savepoint) {}
    }

    /** Transactions over nothing. */
    @SuppressWarnings("serial")
    private static final class NoResource extends AbstractPlatformTransactionManager {

        NoResource() {
            setNestedTransactionAllowed(true);
        }

        @Override
        protected Object doGetTransaction() {
            return new Nothing();
        }

        @Override
        protected boolean isExistingTransaction(Object begun) {
            return TransactionSynchronizationManager.isActualTransactionActive();
        }

        @Override
        protected void doBegin(Object begun, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
