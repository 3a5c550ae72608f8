package dev.millpond.runtime.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A command about one key.
 *
 * @param <T> the type of its answer
 */
@FunctionalInterface
public interface KeyCommand<T extends @Nullable Object> {

    /**
     * Issues the command without waiting for it.
     *
     * <p>It is issued a second time if Redis had forgotten the script, and so has not run it.
     */
    CompletionStage<T> on(KeyCommands commands);
}
