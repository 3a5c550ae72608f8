package dev.millpond.testkit.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Speaks just enough of the Redis protocol (RESP 2) for one command per connection. */
public final class RespClient {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 5_000;

    private final String host;
    private final int port;
    private final List<List<String>> greeting;

    /** Creates a client for a server that asks for no password. */
    public RespClient(String host, int port) {
        this(host, port, List.of());
    }

    /**
     * Creates a client.
     *
     * @param greeting commands to send on each connection before the one asked for, such as {@code AUTH}
     */
    public RespClient(String host, int port, List<List<String>> greeting) {
        this.host = host;
        this.port = port;
        this.greeting = greeting;
    }

    /** Sends a command and reads its answer. */
    public @Nullable Object command(String... words) {
        List<String> command = List.of(words);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (List<String> hello : greeting) {
                socket.getOutputStream().write(encode(hello));
                read(in, hello);
            }
            socket.getOutputStream().write(encode(command));
            return read(in, command);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Redis at " + host + ":" + port + " gave no answer to " + command.get(0) + ": " + e.getMessage(),
                    e);
        }
    }

    /** Tells whether the server answers a PING right now. */
    public boolean answers() {
        try {
            return "PONG".equals(command("PING"));
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    private static byte[] encode(List<String> words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(("*" + words.size() + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static @Nullable Object read(DataInputStream in, List<String> command) throws IOException {
        int type = in.readUnsignedByte();
        String line = readLine(in);
        return switch (type) {
            case '+' -> line;
            case ':' -> Long.valueOf(line);
            case '$' -> readText(in, Integer.parseInt(line));
            case '*' -> readList(in, Integer.parseInt(line), command);
            case '-' ->
                throw new IllegalStateException("Redis answered '" + line + "' to the command " + command.get(0) + ".");
            default -> throw new IOException("unknown reply type '" + (char) type + "'");
        };
    }

    private static @Nullable String readText(DataInputStream in, int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        in.skipBytes(2);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable List<@Nullable Object> readList(DataInputStream in, int size, List<String> command)
            throws IOException {
        if (size < 0) {
            return null;
        }
        List<@Nullable Object> answers = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            answers.add(read(in, command));
        }
        return answers;
    }

    private static String readLine(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
