package dev.millpond.servlet.internal;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response whose {@code Cache-Status} field is brought up to date before whatever may send the header.
 *
 * <p>When a container sends the header is its own affair: at a flush, at a full buffer, at a single large write, when
 * the announced length is reached. So every write counts as such a moment; if nothing was looked up since the last one,
 * it costs the comparison of two numbers.
 */
final class StatusResponse extends HttpServletResponseWrapper {

    private static final String CACHE_STATUS = "Cache-Status";

    /* The container may put a wrapper of its own beneath this one for an include, which ignores header fields. */
    private final HttpServletResponse original;
    private final CacheStatus status;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;
    private @Nullable String written;
    private int writtenVersion;
    private boolean frozen;

    StatusResponse(HttpServletResponse original, CacheStatus status) {
        super(original);
        this.original = original;
        this.status = status;
    }

    /** Writes the field, unless it is up to date or too late for it. */
    void update() {
        if (status.version() == writtenVersion || frozen || original.isCommitted()) {
            return;
        }
        List<String> values = new ArrayList<>(original.getHeaders(CACHE_STATUS));
        values.remove(written);
        written = status.toField();
        writtenVersion = status.version();
        values.add(written);
        original.setHeader(CACHE_STATUS, values.get(0));
        values.stream().skip(1).forEach(value -> original.addHeader(CACHE_STATUS, value));
    }

    /** Leaves the field as it is from now on, because other threads may write to the response. */
    void freeze() {
        frozen = true;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (stream == null) {
            stream = new NotifyingOutputStream(super.getOutputStream(), this::update);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            writer = new NotifyingWriter(super.getWriter(), this::update);
        }
        return writer;
    }

    @Override
    public void flushBuffer() throws IOException {
        update();
        super.flushBuffer();
    }

    @Override
    public void reset() {
        super.reset();
        written = null;
        writtenVersion = 0;
        stream = null;
        writer = null;
    }

    @Override
    public void sendError(int code, String message) throws IOException {
        update();
        super.sendError(code, message);
    }

    @Override
    public void sendError(int code) throws IOException {
        update();
        super.sendError(code);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        update();
        super.sendRedirect(location);
    }

    @Override
    public void sendRedirect(String location, int code) throws IOException {
        update();
        super.sendRedirect(location, code);
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        update();
        super.sendRedirect(location, clearBuffer);
    }

    @Override
    public void sendRedirect(String location, int code, boolean clearBuffer) throws IOException {
        update();
        super.sendRedirect(location, code, clearBuffer);
    }
}
