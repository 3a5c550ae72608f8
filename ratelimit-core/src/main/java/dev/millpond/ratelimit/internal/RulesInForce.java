package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.RateLimitRules;

/** The rules of the builder, with what was changed since laid over them; thread-safe. */
final class RulesInForce {

    private final RateLimitRules base;
    private volatile RuleBook book;

    RulesInForce(RateLimitRules base) {
        this.base = base;
        this.book = new RuleBook(base);
    }

    /** Returns the rules for one request, which do not change while it is decided. */
    RuleBook book() {
        return book;
    }

    /** Puts changes in force in place of those before. */
    void change(RateLimitRules changes) {
        book = new RuleBook(base.overlaidBy(changes));
    }
}
