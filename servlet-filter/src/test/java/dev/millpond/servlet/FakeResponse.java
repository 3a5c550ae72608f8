package dev.millpond.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A response kept in memory, whose header is sent as soon as its small buffer overflows. */
public final class FakeResponse extends HttpServletResponseWrapper {

    public static final int BUFFER_SIZE = 16;

    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Map<String, List<String>> sent = Map.of();
    private int status = SC_OK;
    private boolean committed;

    public FakeResponse() {
        super(Untouchable.of(HttpServletResponse.class));
    }

    /** Returns the lines of a field, as far as the client will see them. */
    public List<String> seen(String name) {
        commit();
        return sent.getOrDefault(name, List.of());
    }

    public String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    public void commit() {
        if (!committed) {
            sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            fields.forEach((name, lines) -> sent.put(name, List.copyOf(lines)));
            committed = true;
        }
    }

    @Override
    public boolean isCommitted() {
        return committed;
    }

    @Override
    public int getStatus() {
        return status;
    }

    @Override
    public void setStatus(int code) {
        status = code;
    }

    @Override
    public boolean containsHeader(String name) {
        return fields.containsKey(name);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        return fields.getOrDefault(name, List.of());
    }

    @Override
    public void setHeader(String name, String value) {
        fields.put(name, new ArrayList<>(List.of(value)));
    }

    @Override
    public void addHeader(String name, String value) {
        fields.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    @Override
    public void setContentType(String type) {
        setHeader("Content-Type", type);
    }

    @Override
    public void setContentLength(int length) {
        setHeader("Content-Length", Integer.toString(length));
    }

    @Override
    public void reset() {
        fields.clear();
        resetBuffer();
    }

    @Override
    public void resetBuffer() {
        if (committed) {
            throw new IllegalStateException("committed");
        }
        body.reset();
    }

    @Override
    public void flushBuffer() {
        commit();
    }

    @Override
    public void sendError(int code, String message) {
        status = code;
        commit();
    }

    @Override
    public void sendError(int code) {
        sendError(code, "");
    }

    @Override
    public void sendRedirect(String location, int code, boolean clearBuffer) {
        status = code;
        commit();
    }

    @Override
    public void sendRedirect(String location) {
        sendRedirect(location, SC_FOUND, true);
    }

    @Override
    public void sendRedirect(String location, int code) {
        sendRedirect(location, code, true);
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) {
        sendRedirect(location, SC_FOUND, clearBuffer);
    }

    @Override
    public PrintWriter getWriter() {
        return new PrintWriter(new UnbufferedWriter(getOutputStream())) {
            @Override
            public void println() {
                write("\r\n");
            }
        };
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return new ServletOutputStream() {
            @Override
            public void write(int b) {
                body.write(b);
                if (body.size() > BUFFER_SIZE) {
                    commit();
                }
            }

            @Override
            public void flush() {
                commit();
            }

            @Override
            public void close() {
                commit();
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new IllegalStateException("not asynchronous");
            }
        };
    }

    private static final class UnbufferedWriter extends Writer {

        private final OutputStream out;

        UnbufferedWriter(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            out.write(new String(text, offset, length).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
