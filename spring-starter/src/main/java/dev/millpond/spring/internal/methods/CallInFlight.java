package dev.millpond.spring.internal.methods;

import dev.millpond.ratelimit.Permit;
import java.util.concurrent.CompletionStage;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Runs a call that has a place among those in flight, and gives the place back when it has ended. */
final class CallInFlight {

    private static final boolean REACTOR =
            ClassUtils.isPresent("reactor.core.publisher.Mono", CallInFlight.class.getClassLoader());

    private CallInFlight() {}

    /**
     * Returns what the method returns; a stage, a Mono or a Flux ends the call when it completes, fails or is given up,
     * anything else at once.
     */
    static @Nullable Object proceed(MethodInvocation call, Permit permit) throws Throwable {
        boolean goesOn = false;
        try {
            @Nullable Object result = call.proceed();
            @Nullable Object going = following(result, call.getMethod().getReturnType(), permit);
            goesOn = going != null;
            return goesOn ? going : result;
        } finally {
            if (!goesOn) {
                permit.release();
            }
        }
    }

    /** Returns a result that gives the place back at its end; null if it is at its end. */
    @SuppressWarnings("FutureReturnValueIgnored") // the caller gets the method's own stage, which it can cancel
    private static @Nullable Object following(@Nullable Object result, Class<?> type, Permit permit) {
        if (result instanceof CompletionStage<?> stage) {
            stage.whenComplete((value, failure) -> permit.release());
            return stage;
        }
        @Nullable Object going = REACTOR && result != null ? ReactorResults.following(result, permit) : null;
        return type.isInstance(going) ? going : null; // a method may return a kind of Mono of its own
    }
}
