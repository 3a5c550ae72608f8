package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.internal.redis.LogClient.End;
import dev.millpond.cache.internal.redis.LogClient.Page;
import dev.millpond.cache.spi.InvalidationLog.Check;
import dev.millpond.cache.spi.InvalidationLog.Follower;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    /** How names of entries begin. */
    private static final String ENTRY = "k:";

    private final LogClient client;
    private final Follower follower;
    private final Ticker ticker;
    private final BooleanSupplier nothingPending;
    private final SharedCalls<LogRecord> appends;
    private final ReentrantLock polling = new ReentrantLock();
    private long distrusts;
    private long gaps;
    private long newest;

    LogReader(LogClient client, Follower follower, Ticker ticker, BooleanSupplier nothingPending) {
        this.client = client;
        this.follower = follower;
        this.ticker = ticker;
        this.nothingPending = nothingPending;
        this.appends = new SharedCalls<>(names -> client.append(names, follower.epoch(), follower.applied()));
    }

    /**
     * Appends an invalidation, in one record with what others invalidate at the same moment if they are many, and
     * applies it here, with whatever came before it.
     */
    long append(List<String> names) {
        return append(appends.begin(names));
    }

    /** Does the same for entries that are put, none of which is put twice in one record. */
    long appendPut(List<String> names) {
        return append(appends.begin(names, name -> name.startsWith(ENTRY)));
    }

    private long append(CompletableFuture<LogRecord> appended) {
        LogRecord record = UninterruptedCalls.await(appended);
        // No gap: an answer may be quicker than the messages of those before it.
        if (!applyNext(record)) {
            catchUpUnless(() -> applyNext(record));
        }
        return record.sequence();
    }

    /** Begins to ask whether the follower knows everything that is in the log now. */
    Check check() {
        String epoch = follower.epoch();
        long applied = follower.applied();
        CompletionStage<End> asked = client.end();
        return () -> {
            End end = asked.toCompletableFuture().join();
            boolean rewound = end.epoch().equals(epoch) && end.sequence() < applied;
            if (rewound || !hasReached(end)) {
                catchUpUnless(() -> !rewound && hasReached(end));
            }
            return true;
        };
    }

    private synchronized boolean hasReached(End end) {
        return end.epoch().equals(follower.epoch()) && end.sequence() <= follower.applied();
    }

    /** Applies a record; returns false if something before it is missing. */
    synchronized boolean apply(LogRecord record) {
        boolean known = applyNext(record);
        if (!known) {
            gaps++;
        }
        return known;
    }

    private synchronized boolean applyNext(LogRecord record) {
        if (!record.epoch().equals(follower.epoch())) {
            return false;
        }
        newest = Math.max(newest, record.sequence());
        if (record.sequence() == follower.applied() + 1) {
            follower.apply(record.sequence(), record.names());
        }
        return record.sequence() <= follower.applied();
    }

    /** Returns how many invalidations the follower has heard of and not applied. */
    synchronized long lag() {
        return Math.max(0, newest - follower.applied());
    }

    /** Returns how often a record came without those before it. */
    synchronized long gaps() {
        return gaps;
    }

    /** Makes the follower distrust all it has, in one step with what makes that necessary. */
    synchronized boolean distrust(BooleanSupplier because) {
        boolean result = because.getAsBoolean();
        distrusts++;
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

    /** Polls, unless another thread's poll has brought what is missing meanwhile. */
    private void catchUpUnless(BooleanSupplier isThere) {
        polling.lock();
        try {
            if (!isThere.getAsBoolean()) {
                poll();
            }
        } finally {
            polling.unlock();
        }
    }

    private void poll() {
        boolean complete = false;
        while (!complete) {
            Question question = ask();
            complete = apply(client.poll(question.epoch(), question.applied()), question);
        }
    }

    private synchronized Question ask() {
        return new Question(
                follower.epoch(), follower.applied(), ticker.read(), nothingPending.getAsBoolean(), distrusts);
    }

    private synchronized boolean apply(Page page, Question question) {
        if (!follower.epoch().equals(question.epoch())) {
            return false;
        }
        newest = page.epoch().equals(question.epoch()) ? Math.max(newest, page.last()) : page.last();
        if (!page.epoch().equals(question.epoch())) {
            follower.reset(page.epoch(), page.floor());
        }
        page.records().forEach(this::applyOrSkipGap);
        if (page.records().isEmpty() && follower.applied() < page.last()) {
            follower.reset(page.epoch(), page.last());
        }
        boolean complete = follower.applied() >= page.last();
        // What was pending meanwhile may be in the log by now, but not in this page.
        if (complete && question.nothingPending() && question.distrusts() == distrusts) {
            follower.confirm(question.at());
        }
        return complete;
    }

    private void applyOrSkipGap(LogRecord record) {
        if (record.sequence() > follower.applied() + 1) {
            follower.reset(record.epoch(), record.sequence() - 1);
        }
        follower.apply(record.sequence(), record.names());
    }

    /** What the follower knew when a poll was sent. */
    private record Question(String epoch, long applied, long at, boolean nothingPending, long distrusts) {}
}
