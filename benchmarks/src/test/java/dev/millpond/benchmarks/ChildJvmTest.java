package dev.millpond.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

    private static ChildJvm start(Class<?> main) throws IOException {
        return ChildJvm.start(ChildJvm.ownClassPath(), List.of(main.getName()), Map.of());
    }

    @Test
    void answer_process_isWhatItSays() throws Exception {
        try (ChildJvm jvm = start(Echo.class)) {
            jvm.send("hello");

            assertThat(jvm.answer()).isEqualTo("hello");
        }
    }

    @Test
    void answer_noneWithinTheLimit_endsTheProcess() throws Exception {
        try (ChildJvm jvm = start(Echo.class)) {
            assertThatThrownBy(() -> jvm.answer(Duration.ofMillis(100))).isInstanceOf(IOException.class);
            assertThatThrownBy(jvm::answer).isInstanceOf(IOException.class);
        }
    }

    /** Says what it is told. */
    static final class Echo {

        private Echo() {}

        public static void main(String[] arguments) throws IOException {
            System.in.transferTo(System.out);
        }
    }
}
