package dev.millpond.benchmarks.http;

/**
 * A request that an API client makes.
 *
 * @param path what it asks for
 * @param key its API key
 */
record ApiRequest(String path, String key) {

    /** Returns it as it is sent to a port of 127.0.0.1. */
    String text(int port) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAccept: */*\r\nX-API-Key: " + key
                + "\r\n\r\n";
    }
}
