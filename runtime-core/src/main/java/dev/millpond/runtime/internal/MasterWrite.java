package dev.millpond.runtime.internal;

import io.netty.channel.ChannelFuture;
import io.netty.util.Timeout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
final class MasterWrite {

    private final MasterSlaveEntry master;
    private final ServiceManager services;
    private final List<SentCommand<?>> commands;

    MasterWrite(MasterSlaveEntry master, ServiceManager services, List<SentCommand<?>> commands) {
        this.master = master;
        this.services = services;
        this.commands = commands;
    }

    /** Writes as soon as there is a connection, unless nobody waits for that any more. */
    void begin() {
        CompletableFuture<RedisConnection> connecting = Answers.to(this::connect);
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
        commands.forEach(SentCommand::passOn);
    }

    private CompletionStage<RedisConnection> connect() {
        refuseIfShutDown();
        return master.connectionWriteOp(RedisCommands.GET);
    }

    private void refuseIfShutDown() {
        if (services.isShuttingDown()) {
            throw new RedissonShutdownException("The client is shut down.");
        }
    }

    private CompletableFuture<?> allAnswers() {
        return CompletableFuture.allOf(
                commands.stream().map(SentCommand::answer).toArray(CompletableFuture[]::new));
    }

    /** Leaves out what somebody has given up waiting for: it would still be carried out. */
    private void write(RedisConnection connection) {
        List<SentCommand<?>> awaited = awaited();
        if (awaited.isEmpty()) {
            master.releaseWrite(connection);
        } else if (awaited.size() == 1) {
            SentCommand<?> command = awaited.get(0);
            write(connection, awaited, command.getPromise(), () -> connection.send(command));
        } else {
            CompletableFuture<Void> all = new CompletableFuture<>();
            List<CommandData<?, ?>> together = List.copyOf(awaited);
            write(connection, awaited, all, () -> connection.send(new CommandsData(all, together, false, false)));
        }
    }

    private List<SentCommand<?>> awaited() {
        List<SentCommand<?>> awaited = new ArrayList<>(commands.size());
        for (SentCommand<?> command : commands) {
            if (!command.answer().isDone()) {
                awaited.add(command);
            }
        }
        return awaited;
    }

    private void write(
            RedisConnection connection,
            List<SentCommand<?>> awaited,
            CompletableFuture<?> ended,
            Supplier<ChannelFuture> sending) {
        var unused = ended.whenComplete((answer, failure) -> {
            master.releaseWrite(connection);
            if (failure != null) {
                fail(awaited, failure);
            }
        });
        try {
            refuseIfShutDown();
            services.addFuture(ended);
            sending.get().addListener(written -> {
                if (!written.isSuccess()) {
                    ended.completeExceptionally(written.cause());
                }
            });
            endInTime(ended);
        } catch (RuntimeException | Error e) { // somebody waits for the answers
            ended.completeExceptionally(e);
        }
    }

    private void endInTime(CompletableFuture<?> ended) {
        int millis = master.getConfig().getTimeout();
        Timeout timeout = services.newTimeout(
                over -> ended.completeExceptionally(
                        new RedisResponseTimeoutException("Redis has not answered within " + millis + " ms.")),
                millis,
                TimeUnit.MILLISECONDS);
        var unused = ended.whenComplete((answer, failure) -> timeout.cancel());
    }

    private static void fail(List<SentCommand<?>> commands, Throwable failure) {
        commands.forEach(command -> command.tryFailure(RedisFailures.unwrapped(failure)));
    }
}
