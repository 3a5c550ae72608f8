package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.BulkCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.RedisCommands;

/**
 * Commands that are written on a connection of Redisson to the master that has their keys. Redisson would give each the
 * means to be sent again, and three time limits.
 *
 * <p>Each runs once. If Redis has said that it did not run it, since its key has moved to another master or the script
 * is not known there, it is left to Redisson, unless its caller has given up.
 */
abstract class MasterCommands implements ScriptCommands {

    private static final Map<ReturnType, RedisCommand<?>> SCRIPTS = Map.of(
            ReturnType.VALUE, script(ReturnType.VALUE),
            ReturnType.LONG, script(ReturnType.LONG),
            ReturnType.LIST, script(ReturnType.LIST));

    private final RedisMasters masters;
    private final RedissonCommands redisson;

    /**
     * Creates commands.
     *
     * @param redisson sends what a master refused, and what cannot be written here
     */
    MasterCommands(RedisMasters masters, RedissonCommands redisson) {
        this.masters = masters;
        this.redisson = redisson;
    }

    @SuppressWarnings("unchecked") // A command is what says how to read its answer.
    private static RedisCommand<Object> script(ReturnType answer) {
        return new RedisCommand<>((RedisCommand<Object>) answer.getCommand(), "EVALSHA");
    }

    /** Sends a command, or has it sent with others. */
    abstract <T extends @Nullable Object> CompletionStage<T> add(String key, SentCommand<T> command);

    RedisMasters masters() {
        return masters;
    }

    RedissonCommands redisson() {
        return redisson;
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return add(key, command(RedisCommands.GET, others -> others.get(key), name(key)));
    }

    @Override
    public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
        return add(
                key,
                this.<@Nullable Void>command(
                        RedisCommands.PSETEX,
                        others -> others.set(key, value, timeToLive),
                        name(key),
                        timeToLive.toMillis(),
                        value));
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> eval(
            String script, ReturnType answer, List<String> keys, List<byte[]> arguments) {
        if (!redisson.namesScripts() || keys.isEmpty()) {
            return redisson.evalUnknown(script, answer, keys, arguments);
        }
        List<Object> parameters = new ArrayList<>(2 + keys.size() + arguments.size());
        parameters.add(ScriptDigests.of(script));
        parameters.add(keys.size());
        for (String key : keys) {
            parameters.add(name(key));
        }
        parameters.addAll(arguments);
        return add(
                keys.get(0),
                new SentCommand<T>(
                        Objects.requireNonNull(SCRIPTS.get(answer)),
                        parameters.toArray(),
                        () -> redisson.evalUnknown(script, answer, keys, arguments)));
    }

    <T extends @Nullable Object> SentCommand<T> command(
            RedisCommand<?> command, Function<BulkCommands, CompletionStage<T>> again, Object... parameters) {
        return new SentCommand<>(command, parameters, () -> again.apply(redisson));
    }

    /** Returns what the client makes of a key. */
    String name(String key) {
        return masters.names().map(key);
    }

    @Override
    public boolean cluster() {
        return redisson.cluster();
    }
}
