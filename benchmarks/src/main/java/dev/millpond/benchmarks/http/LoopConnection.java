package dev.millpond.benchmarks.http;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of a {@link ClosedLoop}; not thread-safe. */
final class LoopConnection {

    private final SocketChannel channel;
    private final ByteBuffer request;
    private final ResponseReader response = new ResponseReader();
    private long sentAt;

    private LoopConnection(SocketChannel channel, ByteBuffer request) {
        this.channel = channel;
        this.request = request;
    }

    /** Connects, and has a selector tell when something arrives. */
    static LoopConnection open(SocketAddress server, byte[] request, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        LoopConnection connection = new LoopConnection(
                channel, ByteBuffer.allocateDirect(request.length).put(request).flip());
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    /** Sends the request; the server has read the last one, so there is room for it. */
    void send(long now) throws IOException {
        sentAt = now;
        request.rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    /**
     * Reads what has arrived.
     *
     * @param buffer room for it
     * @return whether the answer is complete
     */
    boolean receive(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            throw new IOException("The server closed a connection. It must keep them, for any number of requests.");
        }
        return response.take(buffer.flip());
    }

    int status() {
        return response.status();
    }

    long sentAt() {
        return sentAt;
    }
}
