package dev.millpond.servlet.internal;

import java.io.PrintWriter;

/** A writer that runs an action before whatever may send text to the client. */
final class NotifyingWriter extends PrintWriter {

    private final PrintWriter target;
    private final Runnable beforeSending;

    NotifyingWriter(PrintWriter target, Runnable beforeSending) {
        super(target);
        this.target = target;
        this.beforeSending = beforeSending;
    }

    @Override
    public void write(int c) {
        beforeSending.run();
        super.write(c);
    }

    @Override
    public void write(char[] text, int offset, int length) {
        beforeSending.run();
        super.write(text, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) {
        beforeSending.run();
        super.write(text, offset, length);
    }

    /* The container ends lines its own way. */
    @Override
    public void println() {
        beforeSending.run();
        target.println();
    }

    @Override
    public void flush() {
        beforeSending.run();
        super.flush();
    }

    @Override
    public void close() {
        beforeSending.run();
        super.close();
    }
}
