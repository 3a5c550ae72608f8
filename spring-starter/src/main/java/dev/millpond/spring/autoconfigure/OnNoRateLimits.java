package dev.millpond.spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Conditional;

/** Matches an application that does not show that it wants rate limits. */
final class OnNoRateLimits extends NoneNestedConditions {

    OnNoRateLimits() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @Conditional(OnRateLimits.class)
    static class WantsRateLimits {}
}
