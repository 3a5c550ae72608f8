package dev.millpond.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** The token of {@code Authorization: Bearer}. */
record BearerKey() implements ClientKey {

    @Override
    public Set<String> extract(HttpServletRequest request) {
        return HeaderKeys.bearer(request);
    }
}
