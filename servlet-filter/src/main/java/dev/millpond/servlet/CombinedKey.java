package dev.millpond.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Several sources of keys: what the request itself carries counts before who it was authenticated as. */
record CombinedKey(List<ClientKey> carried, List<ClientKey> authenticated) implements ClientKey {

    static CombinedKey of(ClientKey first, ClientKey second) {
        List<ClientKey> sources =
                Stream.of(first, second).flatMap(CombinedKey::parts).toList();
        return new CombinedKey(
                sources.stream()
                        .filter(source -> !(source instanceof PrincipalKey))
                        .toList(),
                sources.stream().filter(PrincipalKey.class::isInstance).toList());
    }

    private static Stream<ClientKey> parts(ClientKey source) {
        return source instanceof CombinedKey combined
                ? Stream.concat(combined.carried().stream(), combined.authenticated().stream())
                : Stream.of(source);
    }

    @Override
    public Set<String> extract(HttpServletRequest request) {
        Set<String> keys = HeaderKeys.usable(union(carried, request));
        return keys.isEmpty() ? union(authenticated, request) : keys;
    }

    private static Set<String> union(List<ClientKey> sources, HttpServletRequest request) {
        Set<String> keys = new LinkedHashSet<>();
        sources.forEach(source -> keys.addAll(source.extract(request)));
        return keys;
    }
}
