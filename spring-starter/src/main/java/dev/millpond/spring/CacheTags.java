package dev.millpond.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tags what a method with {@code @Cacheable} or {@code @CachePut} puts into a cache, so that
 * {@link dev.millpond.cache.CacheRegistry#invalidate} takes it out again.
 *
 * <p>What the method reads from other caches need not be tagged: when that is invalidated, so is what the method
 * returned. An absent value gets no tags that refer to it. An expression that cannot be evaluated fails the call.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface CacheTags {

    /**
     * The tags, with expressions of Spring's expression language in <code>#{...}</code>, for example <code>
     * category:#{#result.categoryId}</code>.
     *
     * <p>Expressions can use {@code #result}, the arguments by name, and all else that {@code @Cacheable} knows. If one
     * gives a collection, each element makes a tag.
     */
    String[] value();
}
