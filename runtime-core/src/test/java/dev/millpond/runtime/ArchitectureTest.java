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
                        "ClusterMasters: Redisson.getServiceManager",
                        "ClusterMasters: ServiceManager.getNameMapper",
                        "NetworkThread: Redisson.getServiceManager",
                        "NetworkThread: ServiceManager.getGroup",
                        "ClusterMasters: Redisson.getCommandExecutor",
                        "ClusterMasters: CommandAsyncExecutor.getConnectionManager",
                        "ClusterMasters: ConnectionManager.getEntry",
                        "Pipeline: RedisCommands.GET",
                        "Pipeline: RedisCommands.PSETEX",
                        "Pipeline: RedisCommand.<init>",
                        "PipelinedCommand: CommandData.<init>",
                        "PipelineWrite: RedisCommands.GET",
                        "PipelineWrite: MasterSlaveEntry.connectionWriteOp",
                        "PipelineWrite: MasterSlaveEntry.releaseWrite",
                        "PipelineWrite: MasterSlaveEntry.getConfig",
                        "PipelineWrite: ServiceManager.addFuture",
                        "PipelineWrite: ServiceManager.isShuttingDown",
                        "PipelineWrite: ServiceManager.newTimeout",
                        "PipelineWrite: CommandsData.<init>",
                        "PipelineWrite: RedisConnection.send",
                        "RedissonCommands: RBucket.getAsync",
                        "RedissonCommands: RBucket.setAsync",
                        "RedissonCommands: RBucketsAsync.getAsync",
                        "RedissonCommands: RScriptAsync.evalShaAsync",
                        "RedissonCommands: RScriptAsync.evalAsync",
                        "RedissonCommands: RScriptAsync.evalAsync",
                        "GuardedConnection: RedissonClient.shutdown",
                        "RedisClients: Redisson.create",
                        "RedisClients: Redisson.create");
    }
}
