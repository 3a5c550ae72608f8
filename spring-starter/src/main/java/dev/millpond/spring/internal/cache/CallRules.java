package dev.millpond.spring.internal.cache;

import dev.millpond.spring.CacheTags;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * What the annotations of a method say about the values that it returns; immutable.
 *
 * @param unless tells that a value is not to be kept; null if all are
 * @param tags the tags of the values
 */
record CallRules(@Nullable Expression unless, List<TagTemplate> tags) {

    private static final ExpressionParser PARSER = new SpelExpressionParser();

    /**
     * Returns the rules of a method.
     *
     * @param operation what its annotation declares
     * @throws InvalidCachingException if an expression cannot be read
     */
    static CallRules of(CacheOperation operation, Method method) {
        CacheTags tags = AnnotatedElementUtils.findMergedAnnotation(method, CacheTags.class);
        return new CallRules(unless(operation, method), tags == null ? List.of() : tags(tags, method));
    }

    private static @Nullable Expression unless(CacheOperation operation, Method method) {
        String unless = operation instanceof CacheableOperation cacheable ? cacheable.getUnless() : null;
        if (unless == null || unless.isBlank()) {
            return null;
        }
        try {
            return PARSER.parseExpression(unless);
        } catch (ParseException e) {
            throw InvalidCachingException.expression("'unless'", unless, method, e);
        }
    }

    private static List<TagTemplate> tags(CacheTags annotation, Method method) {
        return Stream.of(annotation.value()).map(tag -> tag(tag, method)).toList();
    }

    private static TagTemplate tag(String template, Method method) {
        try {
            return TagTemplate.parse(template, PARSER);
        } catch (ParseException e) {
            throw InvalidCachingException.expression("@CacheTags", template, method, e);
        }
    }

    boolean isEmpty() {
        return unless == null && tags.isEmpty();
    }
}
