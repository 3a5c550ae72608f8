package dev.millpond.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.testkit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("one-jdk")
class ColdStartIT {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    @Test
    void tryAcquire_firstDecisionsOfTwoColdNodesOnOneKey_denyNobody() throws Exception {
        Process one = coldNode();
        Process two = coldNode();
        try {
            assertThat(Stream.of(output(one), output(two)))
                    .allSatisfy(
                            output -> assertThat(output).contains("outcomes {").doesNotContain("DENIED"));
        } finally {
            one.destroyForcibly();
            two.destroyForcibly();
        }
    }

    private static Process coldNode() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdNode.class.getName(),
                        REDIS.url())
                .redirectErrorStream(true)
                .start();
    }

    private static String output(Process node) throws Exception {
        return new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
