package dev.millpond.spring.autoconfigure;

import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches an application whose properties say where Redis is; empty ones, as compose files leave them, do not. */
final class OnRedis extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Millpond's Redis");
        return Stream.of("millpond.redis.url", "millpond.redis.config")
                .filter(property -> StringUtils.hasText(context.getEnvironment().getProperty(property)))
                .findFirst()
                .map(property -> ConditionOutcome.match(message.because("'" + property + "' is set")))
                .orElseGet(() -> ConditionOutcome.noMatch(
                        message.because("neither 'millpond.redis.url' nor 'millpond.redis.config' is set")));
    }
}
