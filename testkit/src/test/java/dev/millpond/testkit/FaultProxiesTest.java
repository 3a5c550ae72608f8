package dev.millpond.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.millpond.testkit.internal.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
final class FaultProxiesTest {

    private final EchoServer echo = new EchoServer();
    private final RedisServer one = new ListeningServer(echo.port());
    private final RedisServer two = new ListeningServer(Loopback.freePort());
    private final FaultProxies proxies = FaultProxies.to(List.of(one, two));

    @AfterEach
    void close() throws IOException {
        proxies.close();
        echo.close();
    }

    @Test
    void addresses_twoServers_leadFromEachToItsProxy() {
        assertThat(proxies.addresses())
                .containsExactly(
                        entry(
                                "127.0.0.1:" + one.port(),
                                "127.0.0.1:" + proxies.of(one).port()),
                        entry(
                                "127.0.0.1:" + two.port(),
                                "127.0.0.1:" + proxies.of(two).port()));
    }

    @Test
    void of_serverOfSomebodyElse_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxies.of(new ListeningServer(1)))
                .withMessage("There is no proxy in front of redis://127.0.0.1:1: these proxies were made for other"
                        + " servers. Use one of [127.0.0.1:" + one.port() + ", 127.0.0.1:" + two.port() + "].");
    }

    static Stream<Consumer<NetworkFaults>> silences() {
        return Stream.of(
                NetworkFaults::blackhole, NetworkFaults::halfOpen, faults -> faults.delay(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @MethodSource("silences")
    void silence_ofAll_holdsAnswersUntilRestore(Consumer<NetworkFaults> silence) throws IOException {
        silence.accept(proxies);

        try (Socket client = open(one)) {
            client.setSoTimeout(100);
            client.getOutputStream().write('a');
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
        proxies.restore();
        try (Socket client = open(one)) {
            client.getOutputStream().write('b');
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void refuse_ofAll_refusesAtEachUntilRestore() throws IOException {
        proxies.refuse();

        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> open(one));
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> open(two));
        proxies.restore();
        open(one).close();
    }

    @Test
    void cut_ofAll_resetsConnections() throws IOException {
        try (Socket client = open(one)) {
            await().until(() -> proxies.of(one).openConnections() == 1);

            proxies.cut();

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
    }

    private Socket open(RedisServer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxies.of(server).port());
    }
}
