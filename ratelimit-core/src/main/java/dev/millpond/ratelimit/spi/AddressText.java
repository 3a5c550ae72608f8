package dev.millpond.ratelimit.spi;

import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text forms of IP addresses. */
final class AddressText {

    private static final int IPV6_BYTES = 16;
    private static final Pattern BRACKETED = Pattern.compile("^\\[([^]]*)](:\\d{1,5})?$");
    private static final Pattern IPV4_WITH_PORT = Pattern.compile("^([0-9.]+):\\d{1,5}$");
    private static final Pattern HEX_GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    /** No leading zeros: some systems read them as octal, so two readers could see two addresses. */
    private static final Pattern DECIMAL_OCTET = Pattern.compile("0|[1-9]\\d{0,2}");

    private AddressText() {}

    /** Strips port, brackets and zone. */
    static String literalOf(String text) {
        String literal = BRACKETED.matcher(text).replaceFirst("$1");
        int zone = literal.indexOf('%');
        return IPV4_WITH_PORT
                .matcher(zone < 0 ? literal : literal.substring(0, zone))
                .replaceFirst("$1");
    }

    static byte @Nullable [] ipv4(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return null;
        }
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            if (!DECIMAL_OCTET.matcher(octets[i]).matches() || Integer.parseInt(octets[i]) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(octets[i]);
        }
        return bytes;
    }

    static byte @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text, true);
            return all != null && all.length == IPV6_BYTES ? all : null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length >= IPV6_BYTES) {
            return null;
        }
        byte[] bytes = new byte[IPV6_BYTES];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, IPV6_BYTES - tail.length, tail.length);
        return bytes;
    }

    private static byte @Nullable [] groups(String text, boolean mayEndInIpv4) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(IPV6_BYTES);
        String[] groups = text.isEmpty() ? new String[0] : text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            byte[] group = mayEndInIpv4 && i == groups.length - 1 && groups[i].contains(".")
                    ? ipv4(groups[i])
                    : hexGroup(groups[i]);
            if (group == null) {
                return null;
            }
            bytes.writeBytes(group);
        }
        return bytes.toByteArray();
    }

    private static byte @Nullable [] hexGroup(String text) {
        if (!HEX_GROUP.matcher(text).matches()) {
            return null;
        }
        int value = Integer.parseInt(text, 16);
        return new byte[] {(byte) (value >> Byte.SIZE), (byte) value};
    }
}
