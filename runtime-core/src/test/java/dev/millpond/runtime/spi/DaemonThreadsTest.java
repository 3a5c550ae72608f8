package dev.millpond.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    private static final InheritableThreadLocal<@Nullable String> USER = new InheritableThreadLocal<>();

    private final DaemonThreads threads = new DaemonThreads("millpond-test");

    @Test
    void newThread_isANamedDaemonWithTheClassesOfItsMaker() {
        Thread thread = threads.newThread(() -> {});

        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("millpond-test");
        assertThat(thread.getContextClassLoader())
                .isSameAs(Thread.currentThread().getContextClassLoader());
    }

    @Test
    void newThread_makerHasInheritableThreadLocals_hasNoneOfThem() throws Exception {
        AtomicReference<@Nullable String> seen = new AtomicReference<>("nothing");
        USER.set("alice");
        try {
            Thread thread = threads.newThread(() -> seen.set(USER.get()));
            thread.start();
            thread.join();
        } finally {
            USER.remove();
        }

        assertThat(seen).hasNullValue();
    }
}
