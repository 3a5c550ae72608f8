package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Allowlist;
import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.spi.IpAddress;
import dev.millpond.ratelimit.spi.Network;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The clients of a fixed list of API keys and networks. */
public final class ListedClients implements Allowlist {

    /** A mistyped network must be refused, not taken for a key that nobody sends. */
    private static final Pattern MEANT_AS_NETWORK =
            Pattern.compile("\\d+(\\.\\d+)+|[\\d.]+/\\d{0,3}|[0-9a-fA-F.]*:[0-9a-fA-F.:]*/\\d{0,3}");

    private static final String FIX = " Give an API key or a network such as 10.0.0.0/8, or remove the entry.";

    private final Set<String> apiKeys;
    private final List<Network> networks;

    private ListedClients(Set<String> apiKeys, List<Network> networks) {
        this.apiKeys = Set.copyOf(apiKeys);
        this.networks = List.copyOf(networks);
    }

    /**
     * Sorts the entries into keys and networks.
     *
     * @param list what they are entries of, for messages
     */
    public static ListedClients parse(String list, String... entries) {
        Set<String> apiKeys = new HashSet<>();
        List<Network> networks = new ArrayList<>();
        for (int i = 0; i < entries.length; i++) {
            String what = list + " entry " + (i + 1);
            String entry = Objects.requireNonNull(entries[i], () -> what + " is null." + FIX)
                    .strip();
            if (entry.isEmpty()) {
                throw new IllegalArgumentException(what + " is blank." + FIX);
            }
            if (isNetwork(entry)) {
                networks.add(Network.parse(entry));
            } else {
                apiKeys.add(entry);
            }
        }
        return new ListedClients(apiKeys, networks);
    }

    /** Tells whether an entry can only be meant as a network, even if it is none. */
    public static boolean isNetwork(String entry) {
        return MEANT_AS_NETWORK.matcher(entry).matches()
                || IpAddress.parse(entry.split("/", 2)[0]).isPresent();
    }

    @Override
    public boolean contains(Client client) {
        return client.apiKey().filter(apiKeys::contains).isPresent() || containsAddress(client.address());
    }

    private boolean containsAddress(String address) {
        return !networks.isEmpty()
                && IpAddress.parse(address).filter(this::inNetworks).isPresent();
    }

    private boolean inNetworks(IpAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Returns a text without the keys. */
    @Override
    public String toString() {
        return "Allowlist[" + apiKeys.size() + " keys, networks=" + networks + "]";
    }
}
