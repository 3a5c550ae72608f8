package dev.millpond.ratelimit.spi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address read from text, without ever asking a name server.
 *
 * <p>Immutable. An IPv6 address that stands for an IPv4 address ({@code ::ffff:192.0.2.1}) is the IPv4 address.
 */
public final class IpAddress {

    private static final int LONGEST_TEXT = 100;
    private static final int IPV4_BYTES = 4;
    private static final byte[] IPV4_MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

    private final byte[] bytes;
    private final @Nullable String text;

    private IpAddress(byte[] bytes) {
        this(bytes, null);
    }

    private IpAddress(byte[] bytes, @Nullable String text) {
        this.bytes = bytes;
        this.text = text;
    }

    /**
     * Reads an address; a port, the brackets around an IPv6 address and a zone such as {@code %eth0} are left out.
     *
     * @return the address, or empty if the text is no IP address; a host name is none
     */
    public static Optional<IpAddress> parse(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        String literal = AddressText.literalOf(text.strip());
        return literal.indexOf(':') < 0
                ? Optional.ofNullable(AddressText.ipv4(literal)).map(bytes -> new IpAddress(bytes, literal))
                : Optional.ofNullable(AddressText.ipv6(literal)).map(IpAddress::unmapped);
    }

    /**
     * Returns the text by which clients without a known key are told apart: an IPv4 address, the /64 network of an IPv6
     * address, or else the text itself in lower case.
     */
    public static String groupOf(String text) {
        return parse(text).map(IpAddress::group).orElseGet(() -> text.strip().toLowerCase(Locale.ROOT));
    }

    private static IpAddress unmapped(byte[] bytes) {
        boolean mapped = bytes.length > IPV4_BYTES
                && Arrays.equals(bytes, 0, IPV4_MAPPED.length, IPV4_MAPPED, 0, IPV4_MAPPED.length);
        return new IpAddress(mapped ? Arrays.copyOfRange(bytes, IPV4_MAPPED.length, bytes.length) : bytes);
    }

    /** Returns the address with all bits behind a prefix cleared. */
    IpAddress masked(int prefixBits) {
        byte[] masked = bytes.clone();
        for (int bit = prefixBits; bit < bits(); bit++) {
            masked[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
        }
        return new IpAddress(masked);
    }

    /** Returns 32 or 128. */
    int bits() {
        return bytes.length * Byte.SIZE;
    }

    private String group() {
        return bytes.length == IPV4_BYTES ? toString() : hexGroups(bytes.length / 2) + "::/64";
    }

    private String hexGroups(int length) {
        StringJoiner groups = new StringJoiner(":");
        for (int i = 0; i < length; i += 2) {
            groups.add(Integer.toHexString(ByteBuffer.wrap(bytes).getShort(i) & 0xffff));
        }
        return groups.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns {@code 192.0.2.1}, or all eight groups of an IPv6 address: {@code 2001:db8:0:0:0:0:0:1}. */
    @Override
    public String toString() {
        if (text != null) {
            return text; // what was read as an IPv4 address is written in the only way there is
        }
        if (bytes.length > IPV4_BYTES) {
            return hexGroups(bytes.length);
        }
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }
}
