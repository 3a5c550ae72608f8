package dev.millpond.benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;

/**
 * Connections to a server on 127.0.0.1, each of which sends its next request when the last one was answered.
 *
 * <p>One thread does all of it, the one that calls, so that most of the machine is left to the server. Not thread-safe.
 */
final class ClosedLoop implements AutoCloseable {

    private static final Ticker TICKER = Ticker.systemTicker();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int BUFFER_BYTES = 1 << 16;

    private final Selector selector;
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final int status;

    private ClosedLoop(Selector selector, int status) {
        this.selector = selector;
        this.status = status;
    }

    /**
     * Opens the connections and sends the first requests.
     *
     * @param request what each sends, again and again
     * @param status which answers are those that are wanted
     */
    static ClosedLoop open(int port, ApiRequest request, int connections, int status) throws IOException {
        ClosedLoop loop = new ClosedLoop(Selector.open(), status);
        try {
            InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            byte[] bytes = request.text(port).getBytes(US_ASCII);
            for (int i = 0; i < connections; i++) {
                LoopConnection.open(server, bytes, loop.selector).send(TICKER.read());
            }
            return loop;
        } catch (IOException e) {
            loop.close();
            throw e;
        }
    }

    /**
     * Goes on for a time, and until there is an answer.
     *
     * @return what was answered in this time
     * @throws IOException if the server does not answer or closes a connection
     */
    LoopAnswers run(Duration time) throws IOException {
        LoopAnswers answers = new LoopAnswers();
        long begin = TICKER.read();
        while (answers.count() == 0 || TICKER.read() - begin < time.toNanos()) {
            if (selector.select(LIMIT.toMillis()) == 0) {
                throw new IOException("No answer within " + LIMIT.toSeconds() + " s.");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                receive((LoopConnection) key.attachment(), answers);
            }
            selector.selectedKeys().clear();
        }
        answers.end(Duration.ofNanos(TICKER.read() - begin));
        return answers;
    }

    private void receive(LoopConnection connection, LoopAnswers answers) throws IOException {
        if (connection.receive(arrived)) {
            long now = TICKER.read();
            answers.add(now - connection.sentAt(), connection.status() == status);
            connection.send(now);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            key.channel().close();
        }
        selector.close();
    }
}
