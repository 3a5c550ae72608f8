package dev.millpond.spring.autoconfigure;

import dev.millpond.ratelimit.TierResolver;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches an application that shows that it wants rate limits, by a property or a {@link TierResolver}.
 *
 * <p>One that added the starter to cache must not find its requests limited.
 */
final class OnRateLimits extends AnyNestedCondition {

    OnRateLimits() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @Conditional(OnProperties.class)
    static class HasProperties {}

    @ConditionalOnBean(TierResolver.class)
    static class HasTierResolver {}

    /** Matches if there is any property of rate limits. */
    static final class OnProperties extends SpringBootCondition {

        private static final String PREFIX = "millpond.rate-limit";

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Map<String, Object> properties = Binder.get(context.getEnvironment())
                    .bind(PREFIX, Bindable.mapOf(String.class, Object.class))
                    .orElse(Map.of());
            ConditionMessage.Builder message = ConditionMessage.forCondition("Rate-limit properties");
            return properties.isEmpty()
                    ? ConditionOutcome.noMatch(message.didNotFind(PREFIX + ".*").atAll())
                    : ConditionOutcome.match(message.foundExactly(PREFIX + ".*"));
        }
    }
}
