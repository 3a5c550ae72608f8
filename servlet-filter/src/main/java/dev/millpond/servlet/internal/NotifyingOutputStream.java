package dev.millpond.servlet.internal;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An output stream that runs an action before whatever may send bytes to the client. */
final class NotifyingOutputStream extends ServletOutputStream {

    private final ServletOutputStream out;
    private final Runnable beforeSending;

    NotifyingOutputStream(ServletOutputStream out, Runnable beforeSending) {
        this.out = out;
        this.beforeSending = beforeSending;
    }

    @Override
    public void write(int b) throws IOException {
        beforeSending.run();
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        beforeSending.run();
        out.write(bytes, offset, length);
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
        beforeSending.run();
        out.write(buffer);
    }

    @Override
    public void flush() throws IOException {
        beforeSending.run();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        beforeSending.run();
        out.close();
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
    }
}
