package dev.millpond.benchmarks.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;

/** What a server says to the suite that started it: its port, and then figures as often as it is asked. */
final class ServerControl {

    private ServerControl() {}

    /** Answers each line with one; returns at the end of the input, when the server should end. */
    static void serve(int port, InputStream input, PrintStream answers) throws IOException {
        answers.println(port);
        BufferedReader orders = new BufferedReader(new InputStreamReader(input, UTF_8));
        while (orders.readLine() != null) {
            answers.println(ServerFigures.ofThisProcess().line());
        }
    }
}
