package dev.millpond.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request made by hand; what a filter must not touch throws. */
public final class FakeRequest extends HttpServletRequestWrapper {

    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, Object> attributes = new HashMap<>();
    private String method = "GET";
    private @Nullable String remoteAddress = "203.0.113.9";
    private DispatcherType dispatcherType = DispatcherType.REQUEST;
    private @Nullable Principal principal;
    private boolean fieldsHidden;

    public FakeRequest() {
        super(Untouchable.of(HttpServletRequest.class));
    }

    public FakeRequest method(String name) {
        method = name;
        return this;
    }

    public FakeRequest field(String name, String value) {
        fields.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    public FakeRequest hidingFields() {
        fieldsHidden = true;
        return this;
    }

    public FakeRequest from(@Nullable String address) {
        remoteAddress = address;
        return this;
    }

    public FakeRequest user(String name) {
        principal = () -> name;
        return this;
    }

    public FakeRequest dispatch(DispatcherType type) {
        dispatcherType = type;
        return this;
    }

    @Override
    public String getMethod() {
        return method;
    }

    @Override
    public @Nullable String getHeader(String name) {
        List<String> lines = fields.get(name);
        return lines == null ? null : lines.get(0);
    }

    @Override
    @SuppressWarnings("NullAway") // a container may hide the fields, and says so by null
    public Enumeration<String> getHeaders(String name) {
        return fieldsHidden ? null : Collections.enumeration(fields.getOrDefault(name, List.of()));
    }

    @Override
    @SuppressWarnings("NullAway") // null for a connection without an address
    public String getRemoteAddr() {
        return remoteAddress;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return dispatcherType;
    }

    @Override
    @SuppressWarnings("NullAway") // null before authentication
    public Principal getUserPrincipal() {
        return principal;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
        attributes.put(name, value);
    }

    @Override
    public boolean isAsyncStarted() {
        return false;
    }

    @Override
    public AsyncContext startAsync() {
        return Untouchable.of(AsyncContext.class);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return Untouchable.of(AsyncContext.class);
    }
}
