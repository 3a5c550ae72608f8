package dev.millpond.spring.internal.methods;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Says which calls of a method are counted together. */
@FunctionalInterface
interface CallKey {

    /** Returns the name under which a call is counted. */
    String of(@Nullable Object target, @Nullable Object[] arguments);

    /** Reads keys from annotations. */
    @FunctionalInterface
    interface Factory {

        CallKey create(Method method, String expression);
    }
}
