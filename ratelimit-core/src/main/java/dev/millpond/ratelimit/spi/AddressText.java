package dev.millpond.ratelimit.spi;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text forms of IP addresses. */
final class AddressText {

    private static final int IPV6_BYTES = 16;
    private static final Pattern BRACKETED = Pattern.compile("^\\[([^]]*)](:\\d{1,5})?$");
    private static final Pattern IPV4_WITH_PORT = Pattern.compile("^([0-9.]+):\\d{1,5}$");
    private static final int IPV4_BYTES = 4;
    private static final int LARGEST_OCTET = 255;
    private static final int LONGEST_OCTET = 3;
    private static final int LONGEST_GROUP = 4;

    private AddressText() {}

    /** Strips port, brackets and zone. */
    static String literalOf(String text) {
        String literal = text.startsWith("[") ? BRACKETED.matcher(text).replaceFirst("$1") : text;
        int zone = literal.indexOf('%');
        String address = zone < 0 ? literal : literal.substring(0, zone);
        int colon = address.indexOf(':');
        return colon < 0 || colon != address.lastIndexOf(':')
                ? address
                : IPV4_WITH_PORT.matcher(address).replaceFirst("$1");
    }

    static byte @Nullable [] ipv4(String text) {
        byte[] bytes = new byte[IPV4_BYTES];
        int begin = 0;
        for (int i = 0; i < IPV4_BYTES; i++) {
            int end = i < IPV4_BYTES - 1 ? text.indexOf('.', begin) : text.length();
            int octet = octet(text, begin, end);
            if (octet < 0) {
                return null;
            }
            bytes[i] = (byte) octet;
            begin = end + 1;
        }
        return bytes;
    }

    /** Returns -1 if it is none. No leading zeros: some systems read them as octal, so two readers could see two. */
    private static int octet(String text, int begin, int end) {
        int digits = end - begin;
        if (digits < 1 || digits > LONGEST_OCTET || (digits > 1 && text.charAt(begin) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = begin; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value <= LARGEST_OCTET ? value : -1;
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
        if (text.isEmpty() || text.length() > LONGEST_GROUP || !text.chars().allMatch(HexFormat::isHexDigit)) {
            return null;
        }
        int value = HexFormat.fromHexDigits(text);
        return new byte[] {(byte) (value >> Byte.SIZE), (byte) value};
    }
}
