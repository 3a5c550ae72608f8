package dev.millpond.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One client's connection through a proxy: a pump in each direction. */
public final class ProxiedConnection {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int CHUNK_BYTES = 16_384;

    private final Socket client;
    private final Socket server = new Socket();
    private final FaultGate gate;
    private final Consumer<ProxiedConnection> onClose;
    private volatile boolean closed;
    private volatile boolean damaged;

    /**
     * Creates the connection.
     *
     * @param onClose told when it ends
     */
    public ProxiedConnection(Socket client, FaultGate gate, Consumer<ProxiedConnection> onClose) {
        this.client = client;
        this.gate = gate;
        this.onClose = onClose;
    }

    /** Connects to the server and starts both pumps; in a black hole nothing is connected. */
    public void start(InetSocketAddress target, Executor threads) {
        threads.execute(() -> untilTheEnd(() -> {
            client.setTcpNoDelay(true);
            if (gate.swallows()) {
                damaged = true;
                pump(client.getInputStream(), OutputStream.nullOutputStream(), () -> {});
                return;
            }
            server.connect(target, CONNECT_MILLIS);
            server.setTcpNoDelay(true);
            threads.execute(() -> untilTheEnd(() ->
                    pump(server.getInputStream(), client.getOutputStream(), () -> gate.awaitDelivery(() -> closed))));
            pump(client.getInputStream(), server.getOutputStream(), () -> {});
        }));
    }

    /** Tells whether bytes or the end of one side were lost, so that the connection is of no use any more. */
    public boolean damaged() {
        return damaged;
    }

    /** Resets both sockets at once, so that each side sees "connection reset". */
    public void reset() {
        closed = true;
        reset(client);
        reset(server);
        gate.wake();
        onClose.accept(this);
    }

    private void pump(InputStream in, OutputStream out, Step beforeWrite) throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            beforeWrite.run();
            if (gate.swallows()) {
                lose();
            } else {
                out.write(chunk, 0, length);
            }
        }
    }

    /** Marks first and looks again afterwards, so that an end of the fault in between is not missed. */
    private void lose() {
        damaged = true;
        if (!gate.swallows()) {
            reset();
        }
    }

    private void untilTheEnd(Step pump) {
        try {
            pump.run();
        } catch (IOException e) {
            // The end of one side is the end of both, however it came.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        damaged = true;
        if (closed || !gate.hidesTheEnd()) {
            close();
        }
    }

    private void close() {
        closed = true;
        close(client);
        close(server);
        gate.wake();
        onClose.accept(this);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to close.
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }
}
