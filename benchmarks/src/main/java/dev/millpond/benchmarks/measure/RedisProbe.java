package dev.millpond.benchmarks.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what Redis does, on connections of its own, by commands that fit into one line. */
public final class RedisProbe {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 50;
    private static final Pattern CALLS = Pattern.compile("cmdstat_[^:]+:calls=(\\d+)");
    private static final Pattern COMMAND = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+)");
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:sys|user):([\\d.]+)");
    private static final double NANOS = 1e9;
    private static final double MICRO = 1e3;
    private static final String OF_A_SCRIPT = " lua] ";

    private final URI url;

    /** Creates a probe of the Redis at an address. */
    public RedisProbe(String url) {
        this.url = URI.create(url);
    }

    /** Returns the calls so far, those that scripts made among them. */
    public long calls() throws IOException {
        return CALLS.matcher(info("commandstats"))
                .results()
                .mapToLong(call -> Long.parseLong(call.group(1)))
                .sum();
    }

    /** Returns the calls of some commands so far, and the time that they took; for example of {@code evalsha}. */
    public Work work(Set<String> commands) throws IOException {
        return COMMAND.matcher(info("commandstats"))
                .results()
                .filter(command -> commands.contains(command.group(1)))
                .map(command -> new Work(Long.parseLong(command.group(2)), MICRO * Long.parseLong(command.group(3))))
                .reduce(new Work(0, 0), Work::plus);
    }

    /** Returns a number of a section, for example {@code total_net_input_bytes} of {@code stats}. */
    public long number(String section, String field) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + field + ":(\\d+)").matcher(info(section));
        if (!line.find()) {
            throw new IOException("INFO " + section + " of Redis has no number '" + field + "'.");
        }
        return Long.parseLong(line.group(1));
    }

    /** Returns how many connections Redis has, with the one that asks. */
    public long connections() throws IOException {
        return number("clients", "connected_clients");
    }

    /** Returns the nanoseconds of processor time so far. */
    public double cpuNanos() throws IOException {
        return NANOS
                * CPU.matcher(info("cpu"))
                        .results()
                        .mapToDouble(seconds -> Double.parseDouble(seconds.group(1)))
                        .sum();
    }

    /** Watches for a while which part of all calls clients make, and not scripts; 1 if there are none. */
    public double shareOfClients(Duration time) throws IOException {
        return shareOfClients(time, Long.MAX_VALUE);
    }

    /** Watches no longer when there were so many calls. */
    double shareOfClients(Duration time, long calls) throws IOException {
        try (Socket socket = ask("MONITOR")) {
            BufferedReader lines = reader(socket);
            lines.readLine();
            socket.setSoTimeout(SILENCE_MILLIS);
            long ofClients = 0;
            long all = 0;
            long deadline = Ticker.systemTicker().read() + time.toNanos();
            while (all < calls && Ticker.systemTicker().read() - deadline < 0) {
                String line = lineOrNothing(lines);
                all += line.isEmpty() ? 0 : 1;
                ofClients += line.isEmpty() || line.contains(OF_A_SCRIPT) ? 0 : 1;
            }
            return all == 0 ? 1 : (double) ofClients / all;
        }
    }

    private static String lineOrNothing(BufferedReader lines) throws IOException {
        try {
            return line(lines);
        } catch (SocketTimeoutException e) {
            return "";
        }
    }

    private static String line(BufferedReader lines) throws IOException {
        return Objects.requireNonNull(lines.readLine(), "Redis closed a connection. Is it still running?");
    }

    private String info(String section) throws IOException {
        try (Socket socket = ask("INFO " + section)) {
            BufferedReader answer = reader(socket);
            int length = Integer.parseInt(line(answer).substring(1));
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append(line(answer)).append("\r\n");
            }
            return text.toString();
        }
    }

    private Socket ask(String command) throws IOException {
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /**
     * What Redis did.
     *
     * @param calls how many calls
     * @param nanos how long they took together
     */
    public record Work(long calls, double nanos) {

        private Work plus(Work other) {
            return new Work(calls + other.calls, nanos + other.nanos);
        }

        /** Returns what came after another moment. */
        public Work since(Work before) {
            return new Work(calls - before.calls, nanos - before.nanos);
        }
    }
}
