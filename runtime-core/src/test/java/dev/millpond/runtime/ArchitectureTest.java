package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.internal.jobs.Terminal;
import dev.millpond.runtime.spi.DaemonThreads;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() {
        return HouseRules.testsFor(RedisConnection.class, DaemonThreads.class, Terminal.class);
    }

    @TestFactory
    Stream<DynamicTest> module_always_callsRedisThroughTheGuard() {
        return GuardedCalls.testsFor(RedisConnection.class);
    }

    /**
     * The probe is what finds out whether the guard may let calls through; the guard itself sends what it is given for
     * single keys; the others make a client and end it.
     */
    @Test
    void classesBelowTheGuard_always_sendTheProbeAndWhatTheGuardWasGiven() {
        assertThat(GuardedCalls.callsBelowTheGuard(HouseRules.mainClassesOf(RedisConnection.class))
                        .filter(call -> !call.startsWith("Masters: ")))
                .containsExactlyInAnyOrder(
                        "GuardedConnection: RBucket.getAsync",
                        "RedisMasters: Redisson.getServiceManager",
                        "RedisMasters: ServiceManager.getNameMapper",
                        "NetworkThread: Redisson.getServiceManager",
                        "NetworkThread: ServiceManager.getGroup",
                        "RedisMasters: Redisson.getCommandExecutor",
                        "RedisMasters: CommandAsyncExecutor.getConnectionManager",
                        "RedisMasters: ConnectionManager.getEntry",
                        "MasterCommands: RedisCommands.GET",
                        "MasterCommands: RedisCommands.PSETEX",
                        "MasterCommands: RedisCommand.<init>",
                        "LoneCommands: RedisCommands.MGET",
                        "SentCommand: CommandData.<init>",
                        "MasterWrite: RedisCommands.GET",
                        "MasterWrite: MasterSlaveEntry.connectionWriteOp",
                        "MasterWrite: MasterSlaveEntry.releaseWrite",
                        "MasterWrite: MasterSlaveEntry.releaseWrite",
                        "MasterWrite: MasterSlaveEntry.releaseWrite",
                        "MasterWrite: MasterSlaveEntry.getConfig",
                        "MasterWrite: MasterSlaveEntry.getConfig",
                        "MasterWrite: ServiceManager.addFuture",
                        "MasterWrite: ServiceManager.isShuttingDown",
                        "MasterWrite: ServiceManager.newTimeout",
                        "MasterWrite: CommandsData.<init>",
                        "MasterWrite: RedisConnection.send",
                        "MasterWrite: RedisConnection.send",
                        "RedissonCommands: RBucket.getAsync",
                        "RedissonCommands: RBucket.setAsync",
                        "RedissonCommands: RBucketsAsync.getAsync",
                        "RedissonCommands: RScriptAsync.evalShaAsync",
                        "RedissonCommands: RScriptAsync.evalAsync",
                        "GuardedConnection: RedissonClient.shutdown",
                        "RedisClients: Redisson.create",
                        "RedisClients: Redisson.create");
    }
}
