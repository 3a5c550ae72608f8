package dev.millpond.servlet.internal;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/**
 * A request that fixes the response's {@code Cache-Status} when it goes asynchronous: header fields are not
 * thread-safe.
 */
final class FreezingRequest extends HttpServletRequestWrapper {

    private final StatusResponse response;

    FreezingRequest(HttpServletRequest request, StatusResponse response) {
        super(request);
        this.response = response;
    }

    @Override
    public AsyncContext startAsync() {
        response.update();
        AsyncContext context = super.startAsync();
        response.freeze();
        return context;
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse givenResponse) {
        response.update();
        AsyncContext context = super.startAsync(request, givenResponse);
        response.freeze();
        return context;
    }
}
