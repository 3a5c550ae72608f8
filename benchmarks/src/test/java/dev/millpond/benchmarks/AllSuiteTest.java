package dev.millpond.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllSuiteTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Run run = new Run(true, false, Path.of(""), new PrintStream(printed, true, StandardCharsets.UTF_8));

    @Test
    void run_allGood_isGood() throws Exception {
        assertThat(new AllSuite(List.of(suite("one", true), suite("two", true))).run(run))
                .isTrue();
    }

    @Test
    void run_oneIsNotGood_isNotGood() throws Exception {
        assertThat(new AllSuite(List.of(suite("one", false), suite("two", true))).run(run))
                .isFalse();
    }

    @Test
    void run_oneFails_saysSoAndGoesOn() throws Exception {
        boolean good = new AllSuite(List.of(new Failing(), suite("two", true))).run(run);

        assertThat(good).isFalse();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("failing not measured: java.io.IOException: no Redis", "two ran", "all took");
    }

    private static Suite suite(String name, boolean good) {
        return new Suite() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean run(Run given) {
                given.out().println(name + " ran");
                return good;
            }
        };
    }

    private static final class Failing implements Suite {

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public boolean run(Run given) throws IOException {
            throw new IOException("no Redis");
        }
    }
}
