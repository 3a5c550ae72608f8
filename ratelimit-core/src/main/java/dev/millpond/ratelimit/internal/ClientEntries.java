package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.spi.IpAddress;
import dev.millpond.ratelimit.spi.Network;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is said of clients that are known by a digest or a network; immutable.
 *
 * <p>A client is looked up by its digests and by one network for each length of prefix in use, so the number of entries
 * does not matter.
 *
 * @param <V> what is said of a client
 */
final class ClientEntries<V> {

    private final Map<String, V> entries;
    private final boolean digests;
    private final List<Integer> prefixes;

    /**
     * Creates the entries.
     *
     * @param entries by digest or network, written as in {@link dev.millpond.ratelimit.RateLimitRules}
     */
    ClientEntries(Map<String, V> entries) {
        this.entries = Map.copyOf(entries);
        this.digests = entries.keySet().stream().anyMatch(known -> !ListedClients.isNetwork(known));
        this.prefixes = entries.keySet().stream()
                .filter(ListedClients::isNetwork)
                .map(known -> Network.parse(known).prefixBits())
                .distinct()
                .toList();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns all that is said of a client. */
    Stream<V> of(Caller caller) {
        return namesOf(caller).flatMap(this::entry);
    }

    private Stream<V> entry(String name) {
        return Stream.ofNullable(entries.get(name));
    }

    private Stream<String> namesOf(Caller caller) {
        return Stream.concat(
                digests
                        ? Stream.concat(Stream.ofNullable(caller.ofKey()), Stream.of(caller.ofAddress()))
                                .map(BucketOwner::digest)
                        : Stream.empty(),
                prefixes.isEmpty() ? Stream.empty() : caller.address().stream().flatMap(this::networksAround));
    }

    private Stream<String> networksAround(IpAddress address) {
        return prefixes.stream()
                .flatMap(prefix -> Network.around(address, prefix).stream())
                .map(Network::toString);
    }
}
