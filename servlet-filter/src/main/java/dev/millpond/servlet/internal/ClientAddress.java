package dev.millpond.servlet.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the address of the client of a request, through proxies that are trusted to report it.
 *
 * <p>Thread-safe. From the nearest proxy towards the client, the first address that is not a trusted proxy is the
 * client's. What stands left of it was sent by the client and is not believed.
 */
public final class ClientAddress {

    private static final Logger log = LoggerFactory.getLogger(ClientAddress.class);
    private static final String UNKNOWN = "unknown";

    private final List<Network> trustedProxies;
    private final AtomicBoolean warnedOfContradiction = new AtomicBoolean();
    private final AtomicBoolean warnedOfProxy = new AtomicBoolean();

    /**
     * Creates it.
     *
     * @param trustedProxies addresses, or networks in CIDR notation
     * @throws IllegalArgumentException if one is neither
     */
    public ClientAddress(Collection<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream().map(Network::parse).toList();
    }

    /** Returns the client's address. */
    public String of(HttpServletRequest request) {
        @Nullable String peer = request.getRemoteAddr();
        if (peer == null || peer.isBlank()) {
            return UNKNOWN;
        }
        return IpAddresses.parseHop(peer).map(address -> of(address, request)).orElse(peer);
    }

    private String of(InetAddress peer, HttpServletRequest request) {
        if (!isTrusted(peer)) {
            warnIfBehindUnknownProxy(request);
            return peer.getHostAddress();
        }
        Set<InetAddress> clients = Stream.of(ForwardedHops.xForwardedFor(request), ForwardedHops.forwarded(request))
                .filter(hops -> !hops.isEmpty())
                .map(hops -> walk(peer, hops))
                .collect(Collectors.toSet());
        if (clients.size() > 1) {
            warnOfContradiction();
        }
        return (clients.size() == 1 ? clients.iterator().next() : peer).getHostAddress();
    }

    private InetAddress walk(InetAddress peer, List<String> hops) {
        InetAddress nearest = peer;
        for (int i = hops.size() - 1; i >= 0 && isTrusted(nearest); i--) {
            Optional<InetAddress> next = IpAddresses.parseHop(hops.get(i));
            if (next.isEmpty()) {
                return nearest;
            }
            nearest = next.get();
        }
        return nearest;
    }

    private boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }

    /* A proxy writes one of the two fields and may pass the other through as the client sent it: believe neither. */
    private void warnOfContradiction() {
        if (warnedOfContradiction.compareAndSet(false, true)) {
            log.warn("A request's X-Forwarded-For and Forwarded fields name different clients; it is counted by the"
                    + " address of its proxy. Let the proxy remove the field that it does not write itself."
                    + " Further such requests are not logged.");
        }
    }

    private void warnIfBehindUnknownProxy(HttpServletRequest request) {
        boolean forwarded = request.getHeader("X-Forwarded-For") != null || request.getHeader("Forwarded") != null;
        if (forwarded && warnedOfProxy.compareAndSet(false, true)) {
            log.warn("A request carries X-Forwarded-For or Forwarded but comes from no trusted proxy; it is counted by"
                    + " the address that connected. If that is a proxy of yours, name it in trustedProxies."
                    + " Further such requests are not logged.");
        }
    }
}
