package dev.millpond.cache.internal;

import dev.millpond.cache.spi.InvalidationLog;
import java.util.Collection;

/** Passes on what it is asked, for tests that watch or change a part of it. */
public class ForwardingLog implements InvalidationLog {

    private final InvalidationLog log;

    protected ForwardingLog(InvalidationLog log) {
        this.log = log;
    }

    @Override
    public void start(Follower follower) {
        log.start(follower);
    }

    @Override
    public long append(Collection<String> names) {
        return log.append(names);
    }

    @Override
    public Check check() {
        return log.check();
    }

    @Override
    public Progress progress() {
        return log.progress();
    }

    @Override
    public void close() {
        log.close();
    }
}
