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
import org.redisson.client.WriteRedisConnectionException;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.CommandsData;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.connection.ServiceManager;

/**
 * One write of one or several commands to a master, which ends as a command of Redisson's own would: when all are
 * answered, after the timeout of the client, or when that is shut down. Thread-safe.
 */
final class MasterWrite {

    /** Of fewer connections Redisson has each used by several commands at once, which are answered in their order. */
    private static final int POOL_OF_EXCLUSIVE_USE = 10;

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
            endInTime(connecting, "There was no free connection to Redis");
            var unused = allAnswers().whenComplete((answers, failure) -> connecting.cancel(true));
        }
        var unused = connecting.whenComplete((connection, failure) -> {
            if (failure == null) {
                write(connection);
            } else {
                commands.forEach(SentCommand::passOn);
                fail(commands, failure);
            }
        });
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
        endInTime(ended, "Redis has not answered");
        awaited.forEach(SentCommand::passOn);
        boolean shared =
                awaited.size() == 1 && master.getConfig().getMasterConnectionPoolSize() < POOL_OF_EXCLUSIVE_USE;
        var unused = ended.whenComplete((answer, failure) -> {
            if (!shared) {
                master.releaseWrite(connection);
            }
            if (failure != null) {
                fail(awaited, failure);
            }
        });
        try {
            refuseIfShutDown();
            send(ended, sending);
        } catch (RuntimeException | Error e) { // somebody waits for the answers
            ended.completeExceptionally(e);
        }
        if (shared) {
            master.releaseWrite(connection);
        }
    }

    /** What nobody waits for any more, and is not written yet, never is. */
    private static void send(CompletableFuture<?> ended, Supplier<ChannelFuture> sending) {
        ChannelFuture writing = sending.get();
        writing.addListener(written -> {
            if (!written.isSuccess()) {
                ended.completeExceptionally(
                        new WriteRedisConnectionException("Could not write to Redis.", written.cause()));
            }
        });
        var unused = ended.whenComplete((answer, failure) -> {
            if (failure != null) {
                writing.cancel(false);
            }
        });
    }

    /** Ends after the timeout of the client, or when that is shut down. */
    private void endInTime(CompletableFuture<?> ended, String complaint) {
        int millis = master.getConfig().getTimeout();
        Timeout timeout = services.newTimeout(
                over -> ended.completeExceptionally(
                        new RedisResponseTimeoutException(complaint + " within " + millis + " ms.")),
                millis,
                TimeUnit.MILLISECONDS);
        var unused = ended.whenComplete((answer, failure) -> timeout.cancel());
        services.addFuture(ended);
    }

    private static void fail(List<SentCommand<?>> commands, Throwable failure) {
        commands.forEach(command -> command.tryFailure(RedisFailures.unwrapped(failure)));
    }
}
