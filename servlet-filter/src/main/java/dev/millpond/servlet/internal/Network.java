package dev.millpond.servlet.internal;

import java.net.InetAddress;

/** A range of IP addresses with a common prefix; thread-safe. */
final class Network {

    private final byte[] address;
    private final int prefixLength;

    private Network(byte[] address, int prefixLength) {
        this.address = address;
        this.prefixLength = prefixLength;
    }

    /**
     * Reads an address, or a network in CIDR notation.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash))
                .map(InetAddress::getAddress)
                .orElseThrow(() -> malformed(text));
        int bits = address.length * Byte.SIZE;
        return new Network(address, slash < 0 ? bits : prefixLength(text, slash, bits));
    }

    private static int prefixLength(String text, int slash, int bits) {
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
            throw malformed(text);
        }
        return Integer.parseInt(length);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("Trusted proxy '" + text + "' is neither an IP address nor a network."
                + " Give one such as '10.0.0.5', '10.0.0.0/8' or 'fd00::/8'; host names are not looked up.");
    }

    boolean contains(InetAddress candidate) {
        byte[] bytes = candidate.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            if (bit(bytes, bit) != bit(address, bit)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1;
    }
}
