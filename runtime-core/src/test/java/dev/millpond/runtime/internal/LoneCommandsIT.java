package dev.millpond.runtime.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.runtime.spi.BulkCommands;
import dev.millpond.testkit.RedisExtension;
import dev.millpond.testkit.RedisServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisResponseTimeoutException;
import org.redisson.client.WriteRedisConnectionException;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.config.Config;
import org.redisson.config.NameMapper;
import org.redisson.connection.MasterSlaveEntry;

@Tag("one-jdk")
final class LoneCommandsIT extends BulkCommandsContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private static final String GIVEN_UP = "commands:given-up";
    private static final String AWAITED = "commands:awaited";

    private final RedisServer server = redis.server();

    @Override
    Config config() {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(redis.url())
                .setConnectionPoolSize(1)
                .setConnectionMinimumIdleSize(1);
        return config;
    }

    @Override
    BulkCommands commandsOf(RedissonClient connected) {
        return BulkCommands.of(connected);
    }

    @Override
    void forgetScripts() {
        server.command("SCRIPT", "FLUSH");
    }

    @Override
    void flush() {
        server.command("FLUSHALL");
    }

    @Test
    void of_clientOfRedissonItself_writesToItsMaster() {
        assertThat(commands).isInstanceOf(LoneCommands.class);
    }

    @Test
    void of_clientThatIsNotRedissonItself_leavesItToTheClient() {
        assertThat(BulkCommands.of(Clients.untouchable())).isInstanceOf(RedissonCommands.class);
    }

    @Test
    void eval_callerGivesUpBeforeAConnectionIsFree_doesNotRun() {
        var loaded = answer(count(AWAITED));
        MasterSlaveEntry master = master();
        RedisConnection taken = takeConnection(master);
        CompletableFuture<Long> givenUp = count(GIVEN_UP);
        CompletableFuture<Long> awaited = count(AWAITED);

        givenUp.cancel(true);
        master.releaseWrite(taken);

        assertThat(awaited).succeedsWithin(LONG_ENOUGH).isEqualTo(loaded + 1);
        assertThat(server.command("EXISTS", GIVEN_UP)).isEqualTo(0L);
    }

    @Test
    void eval_noConnectionBecomesFree_endsWithTheTimeoutOfTheClientAndNeverRuns() {
        var unused = answer(count(AWAITED));
        MasterSlaveEntry master = master();
        RedisConnection taken = takeConnection(master);

        assertThat(count(GIVEN_UP))
                .failsWithin(LONG_ENOUGH)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no free connection");

        master.releaseWrite(taken);
        var unusedLater = answer(count(AWAITED));
        assertThat(server.command("EXISTS", GIVEN_UP)).isEqualTo(0L);
    }

    @Test
    void get_clientShutDownWhileItWaitsForAConnection_fails() {
        var unused = answer(commands.get(AWAITED));
        var unusedConnection = takeConnection(master());
        CompletableFuture<?> waiting = commands.get(AWAITED).toCompletableFuture();

        client.shutdown();

        assertThat(waiting).failsWithin(LONG_ENOUGH);
    }

    @Test
    void get_fewConnections_leavesItsOwnToOthersBeforeItIsAnswered() {
        assumeThat(server.controllable()).isTrue();
        var unused = answer(commands.get(AWAITED));
        MasterSlaveEntry master = master();
        server.pause();
        try {
            CompletableFuture<?> unanswered = commands.get(AWAITED).toCompletableFuture();

            CompletableFuture<RedisConnection> free = Answers.to(() -> master.connectionWriteOp(RedisCommands.GET));

            assertThat(free).isCompleted();
            assertThat(unanswered).isNotDone();
            master.releaseWrite(free.join());
        } finally {
            server.resume();
        }
    }

    @Test
    void get_redisDoesNotAnswer_endsWithTheTimeoutOfTheClientAndFreesTheConnection() {
        assumeThat(server.controllable()).isTrue();
        var unused = answer(commands.get(AWAITED));
        server.pause();
        try {
            assertThat(commands.get(AWAITED).toCompletableFuture())
                    .failsWithin(LONG_ENOUGH)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(RedisResponseTimeoutException.class);
        } finally {
            server.resume();
        }

        assertThat(commands.get(AWAITED).toCompletableFuture()).succeedsWithin(LONG_ENOUGH);
    }

    @Test
    void get_cannotBeWritten_failsWithThatAndFreesTheConnection() {
        var unused = answer(commands.get(AWAITED));
        ChannelPipeline pipeline = channel().pipeline();
        pipeline.addFirst(new Unwritable());

        assertThat(commands.get(AWAITED).toCompletableFuture())
                .failsWithin(LONG_ENOUGH)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(WriteRedisConnectionException.class)
                .matches(RedisFailures::meanAway);

        pipeline.remove(Unwritable.class);
        assertThat(commands.get(AWAITED).toCompletableFuture()).succeedsWithin(LONG_ENOUGH);
    }

    @Test
    void set_networkThreadIsBusyBeyondTheTimeoutOfTheClient_isNeverWritten() {
        var unused = answer(commands.get(AWAITED));
        CompletableFuture<?> busy = new CompletableFuture<>();
        channel().eventLoop().execute(busy::join);
        try {
            assertThat(commands.set(GIVEN_UP, bytes("late"), LONG_ENOUGH).toCompletableFuture())
                    .failsWithin(LONG_ENOUGH)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(RedisResponseTimeoutException.class);
        } finally {
            busy.complete(null);
        }

        assertThat(answer(commands.get(GIVEN_UP))).isNull();
    }

    @Test
    void commands_clientNamesKeysItsOwnWay_haveItsNames() {
        Config config = config();
        config.setNameMapper(new Prefixed());
        RedissonClient prefixing = Redisson.create(config);
        try {
            BulkCommands named = BulkCommands.of(prefixing);

            var unused = answer(named.set(AWAITED, bytes("one"), LONG_ENOUGH));

            assertThat(server.command("EXISTS", "prefix:" + AWAITED)).isEqualTo(1L);
            assertThat(answer(named.get(AWAITED))).isEqualTo(bytes("one"));
            assertThat(answer(named.getAll(List.of(AWAITED)))).containsExactly(bytes("one"));
            assertThat(answer(named.evalBytes("return redis.call('GET', KEYS[1])", List.of(AWAITED), List.of())))
                    .isEqualTo(bytes("one"));
        } finally {
            prefixing.shutdown();
        }
    }

    private CompletableFuture<Long> count(String key) {
        return commands.evalLong(COUNT, List.of(key), List.of()).toCompletableFuture();
    }

    private MasterSlaveEntry master() {
        return requireNonNull(requireNonNull(RedisMasters.of(client)).of(AWAITED));
    }

    /** Returns that of the only connection. */
    private Channel channel() {
        MasterSlaveEntry master = master();
        RedisConnection connection = takeConnection(master);
        master.releaseWrite(connection);
        return connection.getChannel();
    }

    private static RedisConnection takeConnection(MasterSlaveEntry master) {
        return Answers.to(() -> master.connectionWriteOp(RedisCommands.GET)).join();
    }

    /** A connection that is broken, and does not know yet. */
    private static final class Unwritable extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
            ReferenceCountUtil.release(message);
            written.setFailure(new IOException("Broken pipe"));
        }
    }

    /** Keeps keys of one application apart from those of others. */
    private static final class Prefixed implements NameMapper {

        @Override
        public String map(String name) {
            return "prefix:" + name;
        }

        @Override
        public String unmap(String name) {
            return name.substring("prefix:".length());
        }
    }
}
