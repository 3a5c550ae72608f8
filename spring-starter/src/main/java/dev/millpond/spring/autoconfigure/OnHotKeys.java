package dev.millpond.spring.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches an application whose properties name caches to be warmed with their hot keys. */
final class OnHotKeys extends SpringBootCondition {

    private static final String PROPERTY = "millpond.cache.warm-up.hot-keys-of";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        List<String> caches = Binder.get(context.getEnvironment())
                .bind(PROPERTY, Bindable.listOf(String.class))
                .orElse(List.of());
        ConditionMessage.Builder message = ConditionMessage.forCondition("Hot keys");
        return caches.isEmpty()
                ? ConditionOutcome.noMatch(message.didNotFind(PROPERTY).atAll())
                : ConditionOutcome.match(message.foundExactly(PROPERTY));
    }
}
