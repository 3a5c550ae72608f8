package dev.millpond.servlet.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses in text form, without ever asking a name server. */
final class IpAddresses {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private IpAddresses() {}

    /** Reads an address; a zone id is dropped, and an IPv4-mapped address becomes the IPv4 address. */
    static Optional<InetAddress> parse(String text) {
        int zone = text.indexOf('%');
        String address = zone < 0 ? text : text.substring(0, zone);
        if (V4.matcher(address).matches()) {
            return literal(address);
        }
        return address.indexOf(':') >= 0 && V6.matcher(address).matches()
                ? literal("[" + address + "]")
                : Optional.empty();
    }

    /** Reads an address as proxies report it: possibly in brackets, possibly with a port. */
    static Optional<InetAddress> parseHop(String text) {
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return parse(text.substring(1, bracket));
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon > 0 && colon == text.lastIndexOf(':');
        return parse(hasPort ? text.substring(0, colon) : text);
    }

    /* In brackets, and for four numbers, the JDK takes nothing but a literal: no look-up follows. */
    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
