package dev.millpond.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how often a method of a Spring bean is called.
 *
 * <p>Give either {@link #tier} or {@link #limit}. A denied call does not reach the method: it throws
 * {@link RateLimitExceededException}, or returns a stage that failed with it if the method returns a
 * {@link java.util.concurrent.CompletionStage}, or is answered by the {@link #fallback}. In a web application with
 * Spring MVC the exception becomes a response with status 429, like that of the filter.
 *
 * <p>Buckets are those of the application's {@link dev.millpond.ratelimit.RateLimiter}, so with Redis all nodes share
 * them. A call waits for Redis for the decision timeout at most. Calls within one object do not pass the proxy and are
 * not limited.
 *
 * <p>If the tier limits calls in flight, a call is in flight until the method ends, or until the
 * {@link java.util.concurrent.CompletionStage} that it returned completes. A Mono or Flux of Reactor that it returned
 * has to be subscribed to: the call is in flight until that completes, fails or is cancelled.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RateLimited {

    /** The name of a tier, for example {@code pro}. */
    String tier() default "";

    /** Calls per period, instead of a tier; at least 1. */
    long limit() default 0;

    /** The period of {@link #limit}, for example {@code 30s} or {@code 1h}. */
    String per() default "1m";

    /** Calls on top of {@link #limit} that may come at once. */
    long burst() default 0;

    /**
     * An expression of Spring's expression language that says what is counted together, for example {@code #user.id};
     * by default all calls of the method.
     *
     * <p>It can use the arguments by name, and beans as {@code @name}. Values that come from requests unchecked make a
     * bucket each, until it is full again.
     */
    String key() default "";

    /** Tokens that a call takes; zero or more. */
    long cost() default 1;

    /** The name of a method of the same class, with the same parameters, that answers denied calls. */
    String fallback() default "";
}
