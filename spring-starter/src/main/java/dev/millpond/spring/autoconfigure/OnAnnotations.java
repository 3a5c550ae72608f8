package dev.millpond.spring.autoconfigure;

import dev.millpond.spring.internal.cache.JCacheProviders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches an application whose caching annotations nobody else claims. */
final class OnAnnotations extends SpringBootCondition {

    private static final String ANNOTATIONS = "millpond.cache.annotations";
    private static final String TYPE = "spring.cache.type";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Millpond for caching annotations");
        Environment environment = context.getEnvironment();
        @Nullable Boolean wanted = environment.getProperty(ANNOTATIONS, Boolean.class);
        if (wanted != null) {
            return new ConditionOutcome(wanted, message.because("'" + ANNOTATIONS + "' is " + wanted));
        }
        if (environment.containsProperty(TYPE)) {
            return ConditionOutcome.noMatch(message.because("'" + TYPE + "' is set"));
        }
        if (environment.containsProperty(JCacheProviders.PROVIDER_PROPERTY)) {
            return ConditionOutcome.noMatch(message.because("'" + JCacheProviders.PROVIDER_PROPERTY + "' is set"));
        }
        Optional<String> provider = JCacheProviders.ofApplication(context.getClassLoader());
        return provider.map(name -> ConditionOutcome.noMatch(
                        message.found("JCache provider").items(name)))
                .orElseGet(() -> ConditionOutcome.match(message.because("nothing else is chosen")));
    }
}
