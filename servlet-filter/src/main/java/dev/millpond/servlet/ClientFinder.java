package dev.millpond.servlet;

import dev.millpond.ratelimit.Client;
import dev.millpond.servlet.internal.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/** Finds out whose request it is. */
record ClientFinder(ClientKey key, ClientAddress address) {

    /** Returns the client, or empty if the request carries several keys. */
    Optional<Client> find(HttpServletRequest request) {
        Set<String> keys = HeaderKeys.usable(key.extract(request));
        if (keys.size() > 1) {
            return Optional.empty();
        }
        String clientAddress = address.of(request);
        return Optional.of(
                keys.isEmpty()
                        ? Client.ofAddress(clientAddress)
                        : Client.of(keys.iterator().next(), clientAddress));
    }
}
