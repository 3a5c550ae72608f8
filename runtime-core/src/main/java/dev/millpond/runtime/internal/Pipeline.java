package dev.millpond.runtime.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Commands of several callers to one master, written one after the other and each answered for itself; for one thread.
 *
 * <p>Not by Redisson's batch: of that, one failure fails all that have no answer yet, and what is redirected may run
 * twice.
 */
final class Pipeline extends MasterCommands implements Batch {

    private final MasterSlaveEntry master;
    private final List<SentCommand<?>> commands = new ArrayList<>();

    /** Creates a pipeline that has nothing to send yet. */
    Pipeline(MasterSlaveEntry master, RedisMasters masters, RedissonCommands redisson) {
        super(masters, redisson);
        this.master = master;
    }

    @Override
    <T extends @Nullable Object> CompletionStage<T> add(String key, SentCommand<T> command) {
        commands.add(command);
        return command.answer();
    }

    @Override
    public void send() {
        if (!commands.isEmpty()) {
            new MasterWrite(master, masters().services(), commands).begin();
        }
    }
}
