package dev.millpond.runtime.internal;

import dev.millpond.runtime.spi.KeyCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Commands of several callers to one master, written one after the other and each answered for itself; for one thread.
 *
 * <p>They are written on a connection of Redisson, not by its batch: of that, one failure fails all that have no answer
 * yet, and what is redirected may run twice. Here each is sent once, and once more only if Redis has said that it did
 * not run it: it has moved to another master, or the script is not known there.
 */
final class Pipeline implements Batch {

    private static final RedisCommand<Object> BYTES = script(ReturnType.VALUE);
    private static final RedisCommand<Object> NUMBER = script(ReturnType.LONG);
    private static final RedisCommand<Object> LIST = script(ReturnType.LIST);

    private final MasterSlaveEntry master;
    private final ClusterMasters masters;
    private final RedissonCommands alone;
    private final List<PipelinedCommand<?>> commands = new ArrayList<>();

    /**
     * Creates a pipeline that has nothing to send yet.
     *
     * @param alone sends what this master refused, and what cannot be written here
     */
    Pipeline(MasterSlaveEntry master, ClusterMasters masters, RedissonCommands alone) {
        this.master = master;
        this.masters = masters;
        this.alone = alone;
    }

    @SuppressWarnings("unchecked") // A command is what says how to read its answer.
    private static RedisCommand<Object> script(ReturnType answer) {
        return new RedisCommand<>((RedisCommand<Object>) answer.getCommand(), "EVALSHA");
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return add(RedisCommands.GET, others -> others.get(key), masters.names().map(key));
    }

    @Override
    public CompletionStage<@Nullable Void> set(String key, byte[] value, Duration timeToLive) {
        return this.<@Nullable Void>add(
                RedisCommands.PSETEX,
                others -> others.set(key, value, timeToLive),
                masters.names().map(key),
                timeToLive.toMillis(),
                value);
    }

    @Override
    public CompletionStage<byte @Nullable []> evalBytes(String script, List<String> keys, List<byte[]> arguments) {
        return eval(BYTES, script, keys, arguments, others -> others.evalBytes(script, keys, arguments));
    }

    @Override
    public CompletionStage<Long> evalLong(String script, List<String> keys, List<byte[]> arguments) {
        return eval(NUMBER, script, keys, arguments, others -> others.evalLong(script, keys, arguments));
    }

    @Override
    public CompletionStage<List<Object>> evalList(String script, List<String> keys, List<byte[]> arguments) {
        return eval(LIST, script, keys, arguments, others -> others.evalList(script, keys, arguments));
    }

    private <T extends @Nullable Object> CompletionStage<T> eval(
            RedisCommand<?> command,
            String script,
            List<String> keys,
            List<byte[]> arguments,
            Function<KeyCommands, CompletionStage<T>> again) {
        if (!alone.namesScripts()) {
            return again.apply(alone);
        }
        List<Object> parameters = new ArrayList<>(2 + keys.size() + arguments.size());
        parameters.add(ScriptDigests.of(script));
        parameters.add(keys.size());
        for (String key : keys) {
            parameters.add(masters.names().map(key));
        }
        parameters.addAll(arguments);
        return add(command, again, parameters.toArray());
    }

    private <T extends @Nullable Object> CompletionStage<T> add(
            RedisCommand<?> command, Function<KeyCommands, CompletionStage<T>> again, Object... parameters) {
        PipelinedCommand<T> added = new PipelinedCommand<>(command, parameters, () -> again.apply(alone));
        commands.add(added);
        return added.answer();
    }

    @Override
    public boolean cluster() {
        return alone.cluster();
    }

    @Override
    public void send() {
        if (!commands.isEmpty()) {
            new PipelineWrite(master, masters.services(), commands).begin();
        }
    }
}
