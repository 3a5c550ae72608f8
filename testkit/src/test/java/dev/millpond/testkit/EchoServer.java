package dev.millpond.testkit;

import dev.millpond.testkit.internal.Acceptor;
import dev.millpond.testkit.internal.DaemonThreads;
import dev.millpond.testkit.internal.Loopback;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Sends back what it gets. */
final class EchoServer implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(new DaemonThreads("echo"));
    private final AtomicLong received = new AtomicLong();
    private final int port = Loopback.freePort();
    private final Acceptor acceptor = Acceptor.start(port, threads, client -> threads.execute(() -> echo(client)));

    int port() {
        return port;
    }

    long receivedBytes() {
        return received.get();
    }

    /** Afterwards nobody gets through any more. */
    @Override
    public void close() {
        acceptor.close();
        threads.shutdownNow();
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
