package dev.millpond.runtime.internal;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.Iterator;
import java.util.concurrent.Executor;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.connection.ServiceManager;

/** The thread on which a client writes to Redis and reads from it, of which the API of Redisson does not tell. */
final class NetworkThread {

    private NetworkThread() {}

    /**
     * Returns what runs a task on the one thread of a client; if it has several, or they are not known, on the thread
     * that asks. Of several it would nearly always be another than the one that writes, and both had to wake up.
     */
    static Executor of(RedissonClient client) {
        try {
            return client instanceof Redisson redisson ? of(redisson) : Runnable::run;
        } catch (RuntimeException | LinkageError e) { // a version, or threads, that do it otherwise
            return Runnable::run;
        }
    }

    private static Executor of(Redisson redisson) {
        ServiceManager services = redisson.getServiceManager();
        EventLoopGroup threads = services.getGroup();
        Iterator<EventExecutor> some = threads.iterator();
        Executor first = some.hasNext() ? some.next() : Runnable::run;
        return some.hasNext() ? Runnable::run : first;
    }
}
