package dev.millpond.cache.internal.redis;

import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;

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
        return call(Scripts.GET_OR_LEASE, ReturnType.VALUE, key, lease, millis(leaseTime));
    }

    ScriptCall<Long> putIf(ConditionalPut put) {
        return call(
                Scripts.PUT_IF,
                ReturnType.LONG,
                put.key(),
                put.expectedPrefix(),
                put.bytes(),
                millis(put.timeToLive()),
                channel);
    }

    ScriptCall<Long> replaceHeader(ConditionalPut header) {
        return call(
                Scripts.REPLACE_HEADER,
                ReturnType.LONG,
                header.key(),
                header.expectedPrefix(),
                header.bytes(),
                millis(header.timeToLive()));
    }

    ScriptCall<Long> dropIf(ConditionalDrop drop) {
        return call(Scripts.DROP_IF, ReturnType.LONG, drop.key(), drop.expectedPrefix(), channel);
    }

    ScriptCall<Long> replacePrefix(PrefixChange change) {
        return call(Scripts.REPLACE_PREFIX, ReturnType.LONG, change.key(), change.expectedPrefix(), change.prefix());
    }

    private static <T extends @Nullable Object> ScriptCall<T> call(
            String text, ReturnType answer, String key, Object... arguments) {
        return script -> script.evalAsync(Mode.READ_WRITE, text, answer, List.of(key), arguments);
    }

    private static byte[] millis(Duration duration) {
        return Long.toString(duration.toMillis()).getBytes(StandardCharsets.US_ASCII);
    }
}
