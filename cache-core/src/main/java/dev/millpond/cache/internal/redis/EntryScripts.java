package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scripts that work on one entry each. */
final class EntryScripts {

    static final List<String> ALL = List.of(
            Scripts.GET_OR_LEASE, Scripts.PUT_IF, Scripts.REPLACE_HEADER, Scripts.DROP_IF, Scripts.REPLACE_PREFIX);

    private final byte[] channel;

    /**
     * Creates the calls.
     *
     * @param channel tells those who wait for a lease
     */
    EntryScripts(String channel) {
        this.channel = channel.getBytes(StandardCharsets.UTF_8);
    }

    ScriptCall<byte @Nullable []> getOrLease(String key, byte[] lease, Duration leaseTime) {
        return new BytesCall(Scripts.GET_OR_LEASE, key, List.of(lease, millis(leaseTime)));
    }

    ScriptCall<Long> putIf(ConditionalPut put) {
        return new LongCall(
                Scripts.PUT_IF,
                put.key(),
                List.of(put.expectedPrefix(), put.bytes(), millis(put.timeToLive()), channel));
    }

    ScriptCall<Long> replaceHeader(ConditionalPut header) {
        return new LongCall(
                Scripts.REPLACE_HEADER,
                header.key(),
                List.of(header.expectedPrefix(), header.bytes(), millis(header.timeToLive())));
    }

    ScriptCall<Long> dropIf(ConditionalDrop drop) {
        return new LongCall(Scripts.DROP_IF, drop.key(), List.of(drop.expectedPrefix(), channel));
    }

    ScriptCall<Long> replacePrefix(PrefixChange change) {
        return new LongCall(Scripts.REPLACE_PREFIX, change.key(), List.of(change.expectedPrefix(), change.prefix()));
    }

    private static byte[] millis(Duration duration) {
        return Long.toString(duration.toMillis()).getBytes(StandardCharsets.US_ASCII);
    }
}
