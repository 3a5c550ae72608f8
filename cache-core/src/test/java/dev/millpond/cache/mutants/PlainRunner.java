package dev.millpond.cache.mutants;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the methods of a plain test class until one fails; one that does not end has failed as well. */
final class PlainRunner {

    private static final int LONGEST_SECONDS = 15;

    private PlainRunner() {}

    /** Returns what failed first, or null if nothing did. */
    static @Nullable String firstFailure(Class<?> test) throws Exception {
        for (Method method : test.getDeclaredMethods()) {
            for (List<Object> arguments : argumentsOf(method).toList()) {
                String failure = failure(() -> run(test, method, arguments.toArray()));
                if (failure != null) {
                    return method.getName() + ": " + failure;
                }
            }
        }
        return null;
    }

    private static Stream<List<Object>> argumentsOf(Method method) {
        ValueSource values = method.getAnnotation(ValueSource.class);
        if (values != null) {
            return LongStream.of(values.longs()).mapToObj(List::of);
        }
        return method.isAnnotationPresent(Test.class) ? Stream.of(List.of()) : Stream.empty();
    }

    private static @Nullable String failure(Callable<?> run) throws InterruptedException {
        FutureTask<?> task = new FutureTask<>(run);
        Thread thread = new Thread(task, "mutant");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (TimeoutException e) {
            thread.interrupt();
            return "does not end";
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause();
            return String.valueOf(thrown instanceof ExecutionException ? thrown.getCause() : thrown);
        }
    }

    private static @Nullable Void run(Class<?> test, Method method, Object[] arguments) throws Exception {
        Constructor<?> constructor = test.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        try {
            invoke(method, instance, arguments);
        } finally {
            for (Method end : endsOf(test)) {
                invoke(end, instance);
            }
        }
        return null;
    }

    private static List<Method> endsOf(Class<?> test) {
        return Arrays.stream(test.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(AfterEach.class))
                .toList();
    }

    private static void invoke(Method method, Object instance, Object... arguments) throws Exception {
        method.setAccessible(true);
        try {
            method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw new ExecutionException(e.getCause());
        }
    }
}
