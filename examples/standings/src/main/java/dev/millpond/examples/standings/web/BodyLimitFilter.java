package dev.millpond.examples.standings.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serial;
import java.util.Arrays;

/** Answers 413 to requests with more than 4096 bytes of body, of which it reads no more; thread-safe. */
public final class BodyLimitFilter extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAXIMUM_BYTES = 4096;
    private static final int CONTENT_TOO_LARGE = 413;

    /** Creates the filter. */
    public BodyLimitFilter() {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        byte[] body = new byte[MAXIMUM_BYTES + 1];
        // Unlike readNBytes(int), which asks for no bytes at the end, for which Tomcat waits until more have come.
        int length = request.getInputStream().readNBytes(body, 0, body.length);
        if (length > MAXIMUM_BYTES) {
            ProblemResponse.send(
                    response,
                    CONTENT_TOO_LARGE,
                    "Content Too Large",
                    "The body has more than " + MAXIMUM_BYTES + " bytes. " + ScoreCorrection.EXAMPLE);
            return;
        }
        chain.doFilter(new ReadRequest(request, Arrays.copyOf(body, length)), response);
    }

    /** A request whose body has been read. */
    private static final class ReadRequest extends HttpServletRequestWrapper {

        private final byte[] body;

        ReadRequest(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            return new ReadBody(body);
        }
    }

    /** A body that has been read. */
    private static final class ReadBody extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        ReadBody(byte[] body) {
            this.bytes = new ByteArrayInputStream(body);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return bytes.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("The body has been read, and the applications read it without a listener.");
        }
    }
}
