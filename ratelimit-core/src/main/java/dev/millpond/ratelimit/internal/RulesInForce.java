package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitRules;
import dev.millpond.ratelimit.internal.rules.RulesState;
import dev.millpond.runtime.spi.SharedState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules of this node, with what operators changed laid over them; thread-safe. */
final class RulesInForce implements SharedState.Follower<RulesState> {

    private static final Logger log = LoggerFactory.getLogger(RulesInForce.class);

    private final TierLookup tiers;
    private volatile RateLimitRules base;
    private RateLimitRules changes = RateLimitRules.none();
    private volatile RuleBook book;

    RulesInForce(RateLimitRules base, TierLookup tiers) {
        this.base = base;
        this.tiers = tiers;
        this.book = new RuleBook(base);
    }

    RateLimitRules base() {
        return base;
    }

    /** Returns the rules for one request, which do not change while it is decided. */
    RuleBook book() {
        return book;
    }

    /** Puts other rules below what operators changed, and returns those in force then. */
    synchronized RateLimitRules replaceBase(RateLimitRules other) {
        base = other;
        book = new RuleBook(other.overlaidBy(changes));
        log.debug("Other base rules of the rate limiter are in force on this node: {}.", other);
        return book.rules();
    }

    @Override
    public synchronized void follow(RulesState before, RulesState now) {
        if (!now.rules().equals(before.rules())) {
            changes = now.rules();
            book = new RuleBook(base.overlaidBy(changes));
            log.info("Changed rate-limit rules are in force, version {}: {}.", now.version(), now.rules());
        }
        now.doubts().entrySet().stream()
                .filter(doubt -> !doubt.getValue().equals(before.doubts().get(doubt.getKey())))
                .forEach(doubt -> forget(doubt.getKey()));
    }

    private void forget(String digest) {
        if (digest.equals(RulesState.EVERYBODY)) {
            tiers.forgetAll();
        } else {
            tiers.forget(digest);
        }
    }
}
