package dev.millpond.examples.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Speaks TLS in front of a server that does not, with a certificate that can be replaced. */
final class TlsGate implements AutoCloseable {

    private final ServerSocket gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int target;
    private volatile SSLContext context;

    /** Begins to listen in front of a port of 127.0.0.1. */
    TlsGate(int target, Certificate certificate) throws IOException, GeneralSecurityException {
        this.target = target;
        this.context = certificate.context();
        threads.execute(this::accept);
    }

    int port() {
        return gate.getLocalPort();
    }

    /** Shows another certificate to connections that begin from now on. */
    void show(Certificate certificate) throws IOException, GeneralSecurityException {
        context = certificate.context();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = gate.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void serve(Socket plain) {
        try (plain;
                SSLSocket client =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setUseClientMode(false);
            client.startHandshake();
            threads.execute(() -> pump(server, client));
            copy(client, server);
        } catch (IOException e) {
            // A client that does not believe the certificate hangs up.
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            copy(from, to);
        } catch (IOException e) {
            // The end of one side is the end of both.
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] chunk = new byte[16_384];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            out.write(chunk, 0, length);
        }
    }

    @Override
    public void close() throws IOException {
        gate.close();
        threads.shutdownNow();
    }
}
