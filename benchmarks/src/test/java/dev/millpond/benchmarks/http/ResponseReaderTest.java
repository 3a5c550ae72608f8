package dev.millpond.benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {

    private static final String WITH_LENGTH = lines("""
            HTTP/1.1 200 \s
            Content-Type: text/plain
            CONTENT-LENGTH: 5

            hello""");
    private static final String CHUNKED = lines("""
            HTTP/1.1 429 \s
            Transfer-Encoding: chunked

            5
            hello
            A;name=value
            0123

            89
            0
            Trailing: field

            """);
    private static final String WITHOUT_BODY = lines("""
            HTTP/1.1 304 \s
            ETag: "1"

            """);

    private final ResponseReader reader = new ResponseReader();

    @Test
    void take_eachWayToEnd_isCompleteWithTheLastByte() {
        for (String answer : new String[] {WITH_LENGTH, CHUNKED, WITHOUT_BODY, WITH_LENGTH}) {
            ByteBuffer bytes = bytes(answer);
            for (int i = 1; i < bytes.capacity(); i++) {
                assertThat(reader.take(bytes.slice(i - 1, 1)))
                        .as("%s after %d bytes", answer, i)
                        .isFalse();
            }

            assertThat(reader.take(bytes.slice(bytes.capacity() - 1, 1)))
                    .as(answer)
                    .isTrue();
            assertThat(reader.status()).isEqualTo(Integer.parseInt(answer.substring(9, 12)));
        }
    }

    @Test
    void take_twoAnswersAtOnce_leavesTheSecond() {
        ByteBuffer both = bytes(CHUNKED + WITH_LENGTH);

        assertThat(reader.take(both)).isTrue();
        assertThat(reader.status()).isEqualTo(429);
        assertThat(both.remaining()).isEqualTo(WITH_LENGTH.length());
        assertThat(reader.take(both)).isTrue();
        assertThat(reader.status()).isEqualTo(200);
        assertThat(both.hasRemaining()).isFalse();
    }

    private static String lines(String text) {
        return text.replace("\n", "\r\n");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }
}
