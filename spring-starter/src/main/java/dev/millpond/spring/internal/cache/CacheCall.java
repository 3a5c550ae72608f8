package dev.millpond.spring.internal.cache;

import dev.millpond.cache.LoadContext;
import dev.millpond.cache.Tag;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.EvaluationContext;

/** One call of an annotated method, with the rules for what it returns. */
final class CacheCall {

    private static final ParameterNameDiscoverer NAMES = DefaultParameterNameDiscoverer.getSharedInstance();

    private final CallRules rules;
    private final Root root;
    private final BeanResolver beans;

    CacheCall(CallRules rules, Root root, BeanResolver beans) {
        this.rules = rules;
        this.root = root;
        this.beans = beans;
    }

    /** Applies the rules to a value that the method returned, and passes it on. */
    @Nullable
    Object returned(@Nullable Object value, LoadContext load) {
        if (!rules.isEmpty()) {
            apply(value, load);
        }
        return value;
    }

    private void apply(@Nullable Object value, LoadContext load) {
        EvaluationContext context = contextWith(value);
        if (rules.unless() != null && Boolean.TRUE.equals(rules.unless().getValue(context, Boolean.class))) {
            load.timeToLive(Duration.ZERO);
            return;
        }
        rules.tags().stream()
                .filter(tag -> value != null || !tag.ofResult())
                .forEach(tag -> load.tag(tag.tags(context).toArray(new Tag[0])));
    }

    private EvaluationContext contextWith(@Nullable Object result) {
        MethodBasedEvaluationContext context =
                new MethodBasedEvaluationContext(root, root.method(), root.args(), NAMES);
        context.setBeanResolver(beans);
        context.setVariable("result", result);
        return context;
    }

    /**
     * What expressions know as {@code #root}, with the names that Spring uses.
     *
     * @param method the method of the target class
     * @param args the arguments
     * @param target the object on which the method is called
     * @param targetClass its class
     * @param caches the caches of the annotation
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Root(
            Method method,
            @Nullable Object[] args,
            Object target,
            Class<?> targetClass,
            Collection<? extends Cache> caches) {

        /** Returns the name of the method. */
        public String methodName() {
            return method.getName();
        }
    }
}
