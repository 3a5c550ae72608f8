package dev.millpond.ratelimit.internal.rules;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.ratelimit.RateLimitException;
import dev.millpond.ratelimit.internal.engine.NodeMessages;
import dev.millpond.ratelimit.internal.nodes.RecurringTrouble;
import dev.millpond.ratelimit.internal.nodes.Upkeep;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisGuard.Registration;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what operators change in Redis, for all nodes of a namespace. */
public final class RedisRules implements RulesStore, NodeMessages.Hearer {

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

    private static final Logger log = LoggerFactory.getLogger(RedisRules.class);
    private static final String CHANGED = "rules";
    private static final Duration POLL_BUDGET = Duration.ofMillis(500);
    private static final Duration CHANGE_BUDGET = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 20;

    private final RulesKey key;
    private final FollowedState followed;
    private final NodeMessages messages;
    private final Upkeep.Task polls;
    private final Registration returnsOfRedis;
    private final RecurringTrouble trouble = new RecurringTrouble();
    private @Nullable String lastSeen;
    private @Nullable RulesState lastRead = RulesState.none();

    /**
     * Creates a store that follows Redis from now on.
     *
     * @param key under which the state is stored
     * @param channel on which nodes tell each other of changes
     * @param upkeep looks at Redis once a second
     */
    public RedisRules(RedisGuard guard, String key, String channel, Upkeep upkeep, Follower follower) {
        this.key = new RulesKey(guard, key);
        this.followed = new FollowedState(follower);
        this.messages = new NodeMessages(guard, channel, this, Ticker.systemTicker());
        this.polls = upkeep.everySecond(this::poll);
        this.returnsOfRedis = guard.onAvailable(polls::soon);
    }

    @Override
    public void heard(String message) {
        if (message.equals(CHANGED)) {
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
                            "Rate-limit rules under '{}' cannot be looked at; those in force stay. {}", key, text));
        }
    }

    private void follow(@Nullable String stored) {
        RulesState read = read(stored);
        if (read == null) {
            return;
        }
        RulesState inForce = followed.offer(read);
        if (inForce.version() > read.version() && replace(stored, inForce)) {
            log.warn(
                    "Redis had lost the rate-limit rules under '{}', or the last change of them; version {} is stored again.",
                    key,
                    inForce.version());
            messages.publish(CHANGED);
        }
    }

    /** Returns what is stored; null if it cannot be read, which is logged once. */
    private @Nullable RulesState read(@Nullable String stored) {
        if (!Objects.equals(stored, lastSeen)) {
            lastSeen = stored;
            lastRead = readNew(stored);
        }
        return lastRead;
    }

    private @Nullable RulesState readNew(@Nullable String stored) {
        try {
            RulesState read = parse(stored);
            if (!read.unknown().isEmpty()) {
                log.warn(
                        "Rate-limit rules under '{}' have {} lines that this node does not know, probably of a later"
                                + " version: they are kept, and do nothing on this node.",
                        key,
                        read.unknown().size());
            }
            return read;
        } catch (UnreadableRulesException e) {
            log.warn(
                    "Rate-limit rules under '{}' cannot be read: {}. Those in force stay. Delete the key, or change the"
                            + " rules on a node of the version that wrote them.",
                    key,
                    e.getMessage());
            return null;
        }
    }

    private static RulesState parse(@Nullable String stored) throws UnreadableRulesException {
        return stored == null ? RulesState.none() : RulesText.read(stored);
    }

    @Override
    public void change(UnaryOperator<RulesState> change) {
        try {
            for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                if (changed(change)) {
                    return;
                }
            }
        } catch (UnreadableRulesException e) {
            throw new RateLimitException(
                    "Rate-limit rules under '" + key + "' were not changed: they cannot be read, " + e.getMessage()
                            + ". Change them on a node of the version that wrote them, or delete the key first.",
                    e);
        } catch (RedisUnavailableException e) {
            throw new RateLimitException(
                    "Rate-limit rules under '" + key + "' may not have been changed: " + e.getMessage()
                            + " Look at rules() when Redis answers again, and repeat the change if it is not there.",
                    e);
        }
        throw new RateLimitException("Rate-limit rules under '" + key + "' were not changed: others changed them "
                + MOST_ATTEMPTS + " times meanwhile. Try again.");
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
    private boolean changed(UnaryOperator<RulesState> change) throws UnreadableRulesException {
        String stored = lookTwice();
        RulesState before = parse(stored);
        RulesState newest = before.version() < followed.get().version() ? followed.get() : before;
        RulesState after = change.apply(newest);
        if (after.equals(newest)) {
            followed.offer(newest);
            return true;
        }
        if (!replace(stored, after)) {
            return false;
        }
        followed.offer(after);
        messages.publish(CHANGED);
        return true;
    }

    private boolean replace(@Nullable String stored, RulesState state) {
        return key.replace(CHANGE_BUDGET, stored, RulesText.write(state));
    }

    @Override
    public void close() {
        returnsOfRedis.close();
        polls.close();
        messages.close();
    }
}
