package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FaultProxyTest {

    private static final int SHORT_MILLIS = 500;

    private final EchoServer echo = new EchoServer();
    private final FaultProxy proxy = FaultProxy.to("127.0.0.1", echo.port());
    private Socket client = new Socket();

    @BeforeEach
    void connect() throws IOException {
        client = open();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        echo.close();
    }

    @Test
    void noFault_requests_passAndAreCounted() throws IOException {
        try (Socket second = open()) {
            assertThat(ask(client, 'a')).isEqualTo('a');
            assertThat(ask(second, 'b')).isEqualTo('b');

            assertThat(proxy.openConnections()).isEqualTo(2);
            assertThat(proxy.url()).isEqualTo("redis://127.0.0.1:" + proxy.port());
        }
        await().until(() -> proxy.openConnections() == 1);
        assertThat(proxy.acceptedConnections()).isEqualTo(2);
    }

    @Test
    void noFault_serverEndsTheConnection_clientGetsTheLastBytesAndTheEnd() throws IOException {
        assertThat(ask(client, '\n')).isEqualTo('\n');

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        await().until(() -> proxy.openConnections() == 0);
    }

    @Test
    void noFault_serverIsAway_connectionEnds() throws IOException {
        echo.close();

        try (Socket late = open()) {
            assertThat(late.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void cut_openConnection_isResetAndANewOneWorks() throws IOException {
        ask(client, 'a');

        proxy.cut();

        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> ask(client, 'b'));
        try (Socket second = open()) {
            assertThat(ask(second, 'c')).isEqualTo('c');
        }
    }

    @Test
    void refuse_untilRestore_resetsConnectionsAndRefusesNewOnes() throws IOException {
        ask(client, 'a');

        proxy.refuse();
        proxy.refuse();

        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> ask(client, 'b'));
        assertThatExceptionOfType(ConnectException.class).isThrownBy(this::open);
        proxy.restore();
        try (Socket second = open()) {
            assertThat(ask(second, 'c')).isEqualTo('c');
        }
    }

    @Test
    void delay_untilRestore_holdsEachAnswerBack() throws IOException {
        proxy.delay(Duration.ofMillis(150));

        long start = System.nanoTime();
        assertThat(ask(client, 'a')).isEqualTo('a');

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        proxy.delay(Duration.ofHours(1));
        client.getOutputStream().write('b');
        await().until(() -> echo.receivedBytes() == 2);
        proxy.restore();
        assertThat(client.getInputStream().read()).isEqualTo('b');
    }

    @Test
    void delay_negative_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.delay(Duration.ofMillis(-1)))
                .withMessage(
                        "FaultProxy cannot delay by PT-0.001S: nothing arrives before it was sent. Use zero or more.");
    }

    @Test
    void blackhole_openAndNewConnection_areSwallowedAndResetByRestore() throws IOException {
        ask(client, 'a');
        proxy.blackhole();

        try (Socket second = open()) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> askShortly(client));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> askShortly(second));
            assertThat(echo.receivedBytes()).isEqualTo(1);

            proxy.restore();

            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> ask(client, 'b'));
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> ask(second, 'b'));
        }
    }

    @Test
    void blackhole_idleConnection_survivesIt() throws IOException {
        ask(client, 'a');

        proxy.blackhole();
        proxy.restore();

        assertThat(ask(client, 'b')).isEqualTo('b');
    }

    @Test
    void halfOpen_request_reachesTheServerAndItsAnswerComesAfterRestore() throws IOException {
        proxy.halfOpen();

        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> askShortly(client));
        assertThat(echo.receivedBytes()).isEqualTo(1);

        proxy.restore();
        assertThat(client.getInputStream().read()).isEqualTo('s');
    }

    @Test
    void halfOpen_serverEndsTheConnection_clientLearnsOfItAfterRestore() throws IOException {
        ask(client, 'a');
        proxy.halfOpen();
        client.getOutputStream().write('\n');
        await().until(() -> echo.receivedBytes() == 2);

        client.setSoTimeout(SHORT_MILLIS);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> client.getInputStream().read());
        assertThat(proxy.openConnections()).isEqualTo(1);

        proxy.restore();
        await().until(() -> proxy.openConnections() == 0);
    }

    @Test
    void cut_answersHeldByAFault_endsTheirConnections() throws IOException {
        proxy.halfOpen();
        client.getOutputStream().write('a');
        await().until(() -> echo.receivedBytes() == 1);

        proxy.cut();

        assertThat(proxy.openConnections()).isZero();
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> client.getInputStream().read());
    }

    @Test
    void close_openConnections_areResetAndThePortIsFree() throws IOException {
        ask(client, 'a');

        proxy.close();
        proxy.close();

        assertThat(proxy.openConnections()).isZero();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(this::open);
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static int ask(Socket socket, int question) throws IOException {
        socket.getOutputStream().write(question);
        return socket.getInputStream().read();
    }

    private static void askShortly(Socket socket) throws IOException {
        socket.setSoTimeout(SHORT_MILLIS);
        ask(socket, 's');
    }
}
