package dev.millpond.runtime.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.NodeMessages;
import dev.millpond.runtime.spi.RecurringTrouble;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import dev.millpond.runtime.spi.RedisUnavailableException;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.StateNotChangedException;
import dev.millpond.runtime.spi.UnreadableStateException;
import dev.millpond.runtime.spi.Upkeep;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state that operators change in Redis, for all nodes.
 *
 * @param <S> the type of the state
 */
public final class RedisState<S> implements SharedState<S>, NodeMessages.Hearer {

    /*
     * How do changes reach all nodes, and stay?
     *
     * One key in Redis holds the state as text. Who changes it reads it, and replaces exactly the text that it read, so that
     * no change is lost to another one at the same time. A message on the channel makes the other nodes look at once; a poll
     * each second makes it certain, also for a node that starts later, or that missed the message. What cannot be read or
     * reached changes nothing: a node goes on with the last state that it could read.
     *
     * Redis may lose the key, or a failover its last change. A node that knows a newer state than what is stored then stores
     * its own, again only in place of what it saw. "Newer" is by a version that follows the clock, so that a state made after
     * the loss beats one from before, also on a node that did not see the loss.
     */

    private static final Logger log = LoggerFactory.getLogger(RedisState.class);
    private static final Duration POLL_BUDGET = Duration.ofMillis(500);
    private static final Duration CHANGE_BUDGET = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 20;

    private final StateKey key;
    private final String changed;
    private final Format<S> format;
    private final FollowedState<S> followed;
    private final NodeMessages messages;
    private final Upkeep.Task polls;
    private final Registration returnsOfRedis;
    private final RecurringTrouble trouble = new RecurringTrouble();
    private @Nullable String lastSeen;
    private @Nullable S lastRead;

    /**
     * Creates a state that follows Redis from now on.
     *
     * @param upkeep looks at Redis once a second
     */
    public RedisState(RedisGuard guard, Place place, Upkeep upkeep, Format<S> format, Follower<S> follower) {
        this.key = new StateKey(guard, place.key(), place.life());
        this.changed = place.word();
        this.format = format;
        this.followed = new FollowedState<>(format, follower);
        this.lastRead = format.none();
        this.messages = new NodeMessages(guard, place.channel(), this, Ticker.systemTicker());
        this.polls = upkeep.everySecond(this::poll);
        this.returnsOfRedis = guard.onAvailable(polls::soon);
    }

    @Override
    public void heard(String message) {
        if (message.equals(changed)) {
            polls.soon();
        }
    }

    @Override
    public void missedSome() {
        polls.soon();
    }

    private void poll() {
        try {
            boolean unused = messages.heard();
            String stored = key.get(POLL_BUDGET);
            follow(stored);
            trouble.over();
        } catch (Throwable e) {
            trouble.toTell(e)
                    .ifPresent(text -> log.warn(
                            "{} under '{}' cannot be looked at; those in force stay. {}", subject(), key, text));
        }
    }

    private void follow(@Nullable String stored) {
        S read = read(stored);
        if (read == null) {
            return;
        }
        S inForce = followed.offer(read);
        if (format.version(inForce) > format.version(read) && replace(stored, inForce)) {
            log.warn(
                    "Redis had lost the {} under '{}', or the last change of them; version {} is stored again.",
                    format.subject(),
                    key,
                    format.version(inForce));
            messages.publish(changed);
        }
    }

    /** Returns what is stored; null if it cannot be read, which is logged once. */
    private @Nullable S read(@Nullable String stored) {
        if (!Objects.equals(stored, lastSeen)) {
            lastSeen = stored;
            lastRead = readNew(stored);
        }
        return lastRead;
    }

    private @Nullable S readNew(@Nullable String stored) {
        try {
            S read = parse(stored);
            if (format.unknownLines(read) > 0) {
                log.warn(
                        "{} under '{}' have {} lines that this node does not know, probably of a later version: they"
                                + " are kept, and do nothing on this node.",
                        subject(),
                        key,
                        format.unknownLines(read));
            }
            return read;
        } catch (UnreadableStateException e) {
            log.warn(
                    "{} under '{}' cannot be read: {}. Those in force stay. Delete the key, or change them on a node of"
                            + " the version that wrote them.",
                    subject(),
                    key,
                    e.getMessage());
            return null;
        }
    }

    private S parse(@Nullable String stored) throws UnreadableStateException {
        return stored == null ? format.none() : format.read(stored);
    }

    @Override
    public void change(UnaryOperator<S> change) {
        try {
            for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                if (changed(change)) {
                    return;
                }
            }
        } catch (UnreadableStateException e) {
            throw new StateNotChangedException(
                    subject() + " under '" + key + "' were not changed: they cannot be read, " + e.getMessage()
                            + ". Change them on a node of the version that wrote them, or delete the key first.",
                    e);
        } catch (RedisUnavailableException e) {
            throw new StateNotChangedException(
                    subject() + " under '" + key + "' may not have been changed: " + e.getMessage()
                            + " Look at them when Redis answers again, and repeat the change if it is not there.",
                    e);
        }
        throw new StateNotChangedException(
                subject() + " under '" + key + "' were not changed: others changed them " + MOST_ATTEMPTS
                        + " times meanwhile. Try again.",
                null);
    }

    /** To look changes nothing, and the first time the client may have to open a connection for it. */
    private @Nullable String lookTwice() {
        try {
            return key.get(CHANGE_BUDGET);
        } catch (RedisUnavailableException e) {
            return key.get(CHANGE_BUDGET);
        }
    }

    /** Returns false if others were faster. */
    private boolean changed(UnaryOperator<S> change) throws UnreadableStateException {
        String stored = lookTwice();
        S before = parse(stored);
        S newest = format.version(before) < format.version(followed.get()) ? followed.get() : before;
        S after = change.apply(newest);
        if (after.equals(newest)) {
            followed.offer(newest);
            return true;
        }
        if (!replace(stored, after)) {
            return false;
        }
        followed.offer(after);
        messages.publish(changed);
        return true;
    }

    private boolean replace(@Nullable String stored, S state) {
        return key.replace(CHANGE_BUDGET, stored, format.write(state));
    }

    private String subject() {
        String subject = format.subject();
        return subject.substring(0, 1).toUpperCase(Locale.ROOT) + subject.substring(1);
    }

    @Override
    public void close() {
        returnsOfRedis.close();
        polls.close();
        messages.close();
    }
}
