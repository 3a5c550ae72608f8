package dev.millpond.testkit;

import dev.millpond.testkit.internal.DaemonThreads;
import dev.millpond.testkit.internal.Loopback;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Sends back what it gets. */
final class EchoServer implements AutoCloseable {

    private final ServerSocket listener = Loopback.listen(Loopback.freePort());
    private final ExecutorService threads = Executors.newCachedThreadPool(new DaemonThreads("echo"));
    private final AtomicLong received = new AtomicLong();

    EchoServer() throws IOException {
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    long receivedBytes() {
        return received.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> echo(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void echo(Socket socket) {
        try (Socket client = socket) {
            for (int next = client.getInputStream().read();
                    next >= 0;
                    next = client.getInputStream().read()) {
                received.incrementAndGet();
                client.getOutputStream().write(next);
                if (next == '\n') {
                    return;
                }
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }
}
