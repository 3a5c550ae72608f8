package dev.millpond.examples.programmatic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgrammaticTest {

    @Test
    void main_run_printsWhatTheApiDoes() {
        assertThat(printedByMain().lines())
                .containsExactly(
                        "Product 7 in category 1: LOCAL",
                        "after its product was invalidated: LOADER",
                        "after its category was invalidated: LOADER",
                        "1: ALLOWED, 11 left",
                        "2: ALLOWED, 10 left",
                        "3: ALLOWED, 9 left",
                        "4: ALLOWED, 8 left",
                        "5: ALLOWED, 7 left",
                        "6: ALLOWED, 6 left",
                        "7: ALLOWED, 5 left",
                        "8: ALLOWED, 4 left",
                        "9: ALLOWED, 3 left",
                        "10: ALLOWED, 2 left",
                        "11: ALLOWED_BURST, 1 left",
                        "12: ALLOWED_BURST, 0 left",
                        "13: DENIED, 0 left");
    }

    private static String printedByMain() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Programmatic.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
