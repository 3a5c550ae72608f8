package dev.millpond.cache.internal;

import dev.millpond.cache.spi.HotKeyStore;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;

class InMemoryHotKeyStoreTest extends HotKeyStoreContract {

    private final FakeTicker ticker = new FakeTicker();
    private final InMemoryHotKeyStore store = new InMemoryHotKeyStore(ticker);

    @Override
    protected HotKeyStore store() {
        return store;
    }

    @Override
    protected void elapse(String cache, Duration time) {
        ticker.advance(time);
    }

    @Override
    protected void lose(String cache) {
        store.lose(cache);
    }
}
