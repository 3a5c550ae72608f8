package dev.millpond.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void run_noSuite_saysWhatToType() throws Exception {
        assertThat(run()).isEqualTo(2);

        assertThat(errors.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(
                        "Arguments []: must be a suite and options."
                                + " Type: benchmarks/run races|load|batch|cache|limits|hit-rate|http|scaling|all [--quick] [--docs]");
    }

    @Test
    void run_unknownOption_saysWhatToType() throws Exception {
        assertThat(run("races", "--quik")).isEqualTo(2);

        assertThat(errors.toString(StandardCharsets.UTF_8)).startsWith("Arguments [races, --quik]: must be a suite");
    }

    private int run(String... arguments) throws Exception {
        PrintStream stream = new PrintStream(errors, true, StandardCharsets.UTF_8);
        return Benchmarks.run(List.of(arguments), stream, stream);
    }
}
