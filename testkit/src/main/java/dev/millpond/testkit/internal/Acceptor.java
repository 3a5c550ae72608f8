package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Phaser;
import java.util.function.Consumer;

/** Accepts connections on a port of the loopback interface. */
public final class Acceptor {

    private final ServerSocket listener;
    private final Consumer<Socket> onAccept;
    private final Phaser ended = new Phaser(1);

    private Acceptor(ServerSocket listener, Consumer<Socket> onAccept) {
        this.listener = listener;
        this.onAccept = onAccept;
    }

    /** Starts to accept; every connection is handed over on the accepting thread. */
    public static Acceptor start(int port, ExecutorService threads, Consumer<Socket> onAccept) {
        try {
            Acceptor acceptor = new Acceptor(Loopback.listen(port), onAccept);
            threads.execute(acceptor::run);
            return acceptor;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on " + Loopback.HOST + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** Tells whether it accepts no more. */
    public boolean closed() {
        return listener.isClosed();
    }

    /** Closes the port, and returns when the last connection that got through was handed over. */
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close port " + listener.getLocalPort() + ": " + e.getMessage(), e);
        }
        // The system goes on accepting until the thread has left accept().
        ended.awaitAdvance(0);
    }

    private void run() {
        try {
            while (true) {
                onAccept.accept(listener.accept());
            }
        } catch (IOException e) {
            // The listener was closed.
        } finally {
            ended.arriveAndDeregister();
        }
    }
}
