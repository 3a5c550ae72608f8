package dev.millpond.servlet.internal;

import dev.millpond.ratelimit.spi.IpAddress;
import dev.millpond.ratelimit.spi.Network;
import jakarta.servlet.http.HttpServletRequest;
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
        this.trustedProxies =
                trustedProxies.stream().map(ClientAddress::network).toList();
    }

    private static Network network(String text) {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "A trusted proxy of the rate-limit filter is not valid. " + e.getMessage(), e);
        }
    }

    /** Returns the client's address. */
    public String of(HttpServletRequest request) {
        @Nullable String peer = request.getRemoteAddr();
        if (peer == null || peer.isBlank()) {
            return UNKNOWN;
        }
        return IpAddress.parse(peer).map(address -> of(address, request)).orElse(peer);
    }

    private String of(IpAddress peer, HttpServletRequest request) {
        if (!isTrusted(peer)) {
            warnIfBehindUnknownProxy(request);
            return peer.toString();
        }
        Set<IpAddress> clients = Stream.of(ForwardedHops.xForwardedFor(request), ForwardedHops.forwarded(request))
                .filter(hops -> !hops.isEmpty())
                .map(hops -> walk(peer, hops))
                .collect(Collectors.toSet());
        if (clients.size() > 1) {
            warnOfContradiction();
        }
        return (clients.size() == 1 ? clients.iterator().next() : peer).toString();
    }

    private IpAddress walk(IpAddress peer, List<String> hops) {
        IpAddress nearest = peer;
        for (int i = hops.size() - 1; i >= 0 && isTrusted(nearest); i--) {
            Optional<IpAddress> next = IpAddress.parse(hops.get(i));
            if (next.isEmpty()) {
                return nearest;
            }
            nearest = next.get();
        }
        return nearest;
    }

    private boolean isTrusted(IpAddress address) {
        for (Network proxies : trustedProxies) {
            if (proxies.contains(address)) {
                return true;
            }
        }
        return false;
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
                    + " the address that connected. If that is a proxy of yours, name it in trustedProxies,"
                    + " in Spring Boot 'millpond.rate-limit.trusted-proxies'."
                    + " Further such requests are not logged.");
        }
    }
}
