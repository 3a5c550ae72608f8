package dev.millpond.cache;

import dev.millpond.testkit.RedisSentinels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failover by Sentinel. */
@Tag("one-jdk")
class SentinelFailoverIT extends FailoverContract {

    @RegisterExtension
    static final RedisSentinels topology = RedisSentinels.create();

    SentinelFailoverIT() {
        super(topology);
    }
}
