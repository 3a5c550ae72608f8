package dev.millpond.servlet.internal;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Notices when a response has ended, and tells it once.
 *
 * <p>A response ends when the rest of the chain returns or throws; one that went asynchronous by then ends when it is
 * completed, in whatever way and after however many dispatches.
 */
public final class ResponseEnd implements AsyncListener {

    private final HttpServletResponse response;
    private final Consumer<OptionalInt> told;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean clientGone;

    private ResponseEnd(HttpServletResponse response, Consumer<OptionalInt> told) {
        this.response = response;
        this.told = told;
    }

    /**
     * Runs the rest of a chain.
     *
     * @param told gets the status of the response; empty if input or output failed, since the client that hangs up
     *     causes this and sees no status
     */
    public static void follow(
            HttpServletRequest request, HttpServletResponse response, FilterChain rest, Consumer<OptionalInt> told)
            throws IOException, ServletException {
        ResponseEnd end = new ResponseEnd(response, told);
        boolean returned = false;
        try {
            rest.doFilter(request, response);
            returned = true;
        } catch (IOException e) {
            end.clientGone = true;
            throw e;
        } finally {
            if (!returned) {
                end.tell(end.statusOfFailure());
            }
        }
        end.afterReturn(request);
    }

    private void afterReturn(HttpServletRequest request) {
        if (!request.isAsyncStarted()) {
            tell(response.getStatus());
            return;
        }
        try {
            request.getAsyncContext().addListener(this);
        } catch (IllegalStateException e) { // it has ended between the two lines
            tell(response.getStatus());
        }
    }

    /* The container makes an error of what a chain throws, unless the header is on its way. */
    private int statusOfFailure() {
        return response.isCommitted() ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    private void tell(int status) {
        if (ended.compareAndSet(false, true)) {
            told.accept(clientGone ? OptionalInt.empty() : OptionalInt.of(status));
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        tell(response.getStatus());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // what the container or the application makes of it ends with onComplete
    }

    @Override
    public void onError(AsyncEvent event) {
        clientGone |= event.getThrowable() instanceof IOException;
    }

    /* A request that goes asynchronous anew loses its listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
