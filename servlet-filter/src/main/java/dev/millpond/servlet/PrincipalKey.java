package dev.millpond.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Set;

/** The name of the authenticated user. */
record PrincipalKey() implements ClientKey {

    @Override
    public Set<String> extract(HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        return user == null || user.getName() == null ? Set.of() : Set.of(user.getName());
    }
}
