package dev.millpond.runtime.internal;

import io.netty.util.Timeout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisResponseTimeoutException;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.CommandsData;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.connection.ServiceManager;

/**
 * One write of several commands to a master, which ends as a command of Redisson's own would: when all are answered,
 * after the timeout of the client, or when that is shut down. Thread-safe.
 */
final class PipelineWrite {

    private final MasterSlaveEntry master;
    private final ServiceManager services;
    private final List<PipelinedCommand<?>> commands;

    PipelineWrite(MasterSlaveEntry master, ServiceManager services, List<PipelinedCommand<?>> commands) {
        this.master = master;
        this.services = services;
        this.commands = commands;
    }

    /** Writes as soon as there is a connection, unless nobody waits for that any more. */
    void begin() {
        CompletableFuture<RedisConnection> connecting = Answers.to(() -> master.connectionWriteOp(RedisCommands.GET));
        if (!connecting.isDone()) {
            var unused = allAnswers().whenComplete((answers, failure) -> connecting.cancel(true));
        }
        var unused = connecting.whenComplete((connection, failure) -> {
            if (failure == null) {
                write(connection);
            } else {
                fail(commands, failure);
            }
        });
    }

    private CompletableFuture<?> allAnswers() {
        return CompletableFuture.allOf(
                commands.stream().map(PipelinedCommand::answer).toArray(CompletableFuture[]::new));
    }

    /** Leaves out what somebody has given up waiting for: it would still be carried out. */
    private void write(RedisConnection connection) {
        List<PipelinedCommand<?>> awaited =
                commands.stream().filter(command -> !command.answer().isDone()).toList();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        var unused = answered.whenComplete((nothing, failure) -> {
            master.releaseWrite(connection);
            if (failure != null) {
                fail(awaited, failure);
            }
        });
        try {
            if (awaited.isEmpty()) {
                answered.complete(null);
            } else {
                write(connection, awaited, answered);
            }
        } catch (RuntimeException | Error e) { // somebody waits for the answers
            answered.completeExceptionally(e);
        }
    }

    private void write(
            RedisConnection connection, List<PipelinedCommand<?>> awaited, CompletableFuture<Void> answered) {
        if (services.isShuttingDown()) {
            throw new RedissonShutdownException("The client is shut down.");
        }
        services.addFuture(answered);
        endInTime(answered);
        connection
                .send(new CommandsData(answered, List.<CommandData<?, ?>>copyOf(awaited), false, false))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        answered.completeExceptionally(written.cause());
                    }
                });
    }

    private void endInTime(CompletableFuture<Void> answered) {
        int millis = master.getConfig().getTimeout();
        Timeout timeout = services.newTimeout(
                over -> answered.completeExceptionally(
                        new RedisResponseTimeoutException("Redis has not answered within " + millis + " ms.")),
                millis,
                TimeUnit.MILLISECONDS);
        var unused = answered.whenComplete((nothing, failure) -> timeout.cancel());
    }

    private static void fail(List<PipelinedCommand<?>> commands, Throwable failure) {
        commands.forEach(command -> command.tryFailure(RedisFailures.unwrapped(failure)));
    }
}
