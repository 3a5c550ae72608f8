package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.redis.LogClient.Page;
import dev.millpond.cache.spi.InvalidationLog.Follower;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Brings one follower up to the end of the log, from messages and polls alike; thread-safe.
 *
 * <p>A record is applied only if it is the next one. Whatever else shows up, a gap, another epoch, a log that was cut
 * before the follower read it, ends in a poll, and a poll that cannot close the gap makes the follower forget
 * everything.
 */
final class LogReader {

    private final LogClient client;
    private final Follower follower;
    private final Ticker ticker;
    private final BooleanSupplier nothingPending;
    private final ReentrantLock polling = new ReentrantLock();

    LogReader(LogClient client, Follower follower, Ticker ticker, BooleanSupplier nothingPending) {
        this.client = client;
        this.follower = follower;
        this.ticker = ticker;
        this.nothingPending = nothingPending;
    }

    /** Appends an invalidation and applies it here, with whatever came before it. */
    long append(List<String> names) {
        LogRecord record =
                client.append(names, follower.epoch(), follower.applied()).withNames(names);
        if (!apply(record)) {
            catchUpTo(record);
        }
        return record.sequence();
    }

    /** Applies a record; returns false if something before it is missing. */
    synchronized boolean apply(LogRecord record) {
        if (!record.epoch().equals(follower.epoch())) {
            return false;
        }
        if (record.sequence() == follower.applied() + 1) {
            follower.apply(record.sequence(), record.names());
        }
        return record.sequence() <= follower.applied();
    }

    /** Makes the follower distrust all it has, in one step with what makes that necessary. */
    synchronized boolean distrust(BooleanSupplier because) {
        boolean result = because.getAsBoolean();
        follower.distrust();
        return result;
    }

    /** Polls until the follower knows everything that was in the log when the last poll began. */
    void catchUp() {
        polling.lock();
        try {
            poll();
        } finally {
            polling.unlock();
        }
    }

    /** Polls unless somebody else's poll has brought the record meanwhile. */
    private void catchUpTo(LogRecord record) {
        polling.lock();
        try {
            if (!apply(record)) {
                poll();
            }
        } finally {
            polling.unlock();
        }
    }

    private void poll() {
        boolean complete = false;
        while (!complete) {
            boolean nothingWaits = nothingPending.getAsBoolean();
            long asked = ticker.read();
            String epoch = follower.epoch();
            complete = apply(client.poll(epoch, follower.applied()), epoch);
            if (complete && nothingWaits) {
                confirm(asked);
            }
        }
    }

    private synchronized void confirm(long asked) {
        if (nothingPending.getAsBoolean()) {
            follower.confirm(asked);
        }
    }

    private synchronized boolean apply(Page page, String askedEpoch) {
        if (!follower.epoch().equals(askedEpoch)) {
            return false;
        }
        if (!page.epoch().equals(askedEpoch)) {
            follower.reset(page.epoch(), page.floor());
        }
        page.records().forEach(this::applyOrSkipGap);
        if (page.records().isEmpty() && follower.applied() < page.last()) {
            follower.reset(page.epoch(), page.last());
        }
        return follower.applied() >= page.last();
    }

    private void applyOrSkipGap(LogRecord record) {
        if (record.sequence() > follower.applied() + 1) {
            follower.reset(record.epoch(), record.sequence() - 1);
        }
        follower.apply(record.sequence(), record.names());
    }
}
