package dev.millpond.spring.internal.methods;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Reads keys of calls that are expressions; thread-safe. */
final class ExpressionKeys implements CallKey.Factory {

    private final SpelExpressionParser parser = new SpelExpressionParser();
    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
    private final BeanFactoryResolver beans;

    ExpressionKeys(BeanFactory beans) {
        this.beans = new BeanFactoryResolver(beans);
    }

    @Override
    public CallKey create(Method method, String text) {
        if (text.isEmpty()) {
            return (target, arguments) -> "";
        }
        Expression expression = parse(method, text);
        return (target, arguments) -> String.valueOf(evaluate(expression, method, target, arguments));
    }

    private Expression parse(Method method, String text) {
        try {
            return parser.parseExpression(text);
        } catch (ParseException e) {
            InvalidRateLimitedException invalid = new InvalidRateLimitedException(
                    method,
                    "has the key '" + text + "', which is not an expression: " + e.getMessage() + ".",
                    "Correct it; the language is described in Spring's reference, 'Spring Expression Language'.");
            invalid.initCause(e);
            throw invalid;
        }
    }

    private @Nullable Object evaluate(
            Expression expression, Method method, @Nullable Object target, @Nullable Object[] arguments) {
        MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(target, method, arguments, names);
        context.setBeanResolver(beans);
        return expression.getValue(context);
    }
}
