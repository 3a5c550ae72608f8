package dev.millpond.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Takes whoever a field names for authenticated, as a container or a proxy that checks passwords may. */
final class UserOfField implements Filter {

    static final String FIELD = "X-User";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(new Authenticated((HttpServletRequest) request), response);
    }

    private static final class Authenticated extends HttpServletRequestWrapper {

        private Authenticated(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable Principal getUserPrincipal() {
            String name = getHeader(FIELD);
            return name == null ? null : () -> name;
        }
    }
}
