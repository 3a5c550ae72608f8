package dev.millpond.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millpond.testkit.RedisExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RespClientIT {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    private final RespClient client =
            new RespClient(redis.server().host(), redis.server().port());

    @Test
    void command_everyKindOfAnswer_isRead() {
        assertThat(client.command("SET", "key", "größer")).isEqualTo("OK");
        assertThat(client.command("GET", "key")).isEqualTo("größer");
        assertThat(client.command("GET", "absent")).isNull();
        assertThat(client.command("INCR", "number")).isEqualTo(1L);
        assertThat(client.command("MGET", "key", "absent")).isEqualTo(Arrays.asList("größer", null));
        assertThat(client.command("EVAL", "return {1, {'a', 'b'}}", "0")).isEqualTo(List.of(1L, List.of("a", "b")));
        assertThat(client.command("BLPOP", "absent", "0.01")).isNull();
    }

    @Test
    void command_errorAnswer_namesTheCommand() {
        assertThatIllegalStateException()
                .isThrownBy(() -> client.command("NONSENSE"))
                .withMessageStartingWith("Redis answered 'ERR unknown command")
                .withMessageEndingWith("' to the command NONSENSE.");
    }

    @Test
    void command_connectionCloses_saysThatThereWasNoAnswer() throws IOException {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> askServerThatSays("+half an answ"))
                .withMessageEndingWith("gave no answer to PING: the connection was closed");
    }

    @Test
    void command_notRedis_saysSo() throws IOException {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> askServerThatSays("HTTP/1.1 400 Bad Request\r\n"))
                .withMessageEndingWith("gave no answer to PING: unknown reply type 'H'");
    }

    @Test
    void answers_nobodyListens_isFalse() {
        assertThat(new RespClient("127.0.0.1", Loopback.freePort()).answers()).isFalse();
    }

    private static void askServerThatSays(String words) throws IOException {
        try (ServerSocket listener = Loopback.listen(Loopback.freePort())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> answer(listener, words));
            new RespClient("127.0.0.1", listener.getLocalPort()).command("PING");
            server.join();
        }
    }

    private static void answer(ServerSocket listener, String words) {
        try (Socket socket = listener.accept()) {
            socket.getInputStream().readNBytes("*1\r\n$4\r\nPING\r\n".length());
            socket.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
