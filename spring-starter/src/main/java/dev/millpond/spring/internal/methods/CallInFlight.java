package dev.millpond.spring.internal.methods;

import dev.millpond.ratelimit.Permit;
import java.util.concurrent.CompletionStage;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** Runs a call that has a place among those in flight, and gives the place back when it has ended. */
final class CallInFlight {

    private CallInFlight() {}

    /** Returns what the method returns; a stage ends the call when it completes, anything else at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // the caller gets the method's own stage, which it can cancel
    static @Nullable Object proceed(MethodInvocation call, Permit permit) throws Throwable {
        boolean goesOn = false;
        try {
            @Nullable Object result = call.proceed();
            if (result instanceof CompletionStage<?> stage) {
                stage.whenComplete((value, failure) -> permit.release());
                goesOn = true;
            }
            return result;
        } finally {
            if (!goesOn) {
                permit.release();
            }
        }
    }
}
