package dev.millpond.ratelimit.spi;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IP addresses in the notation {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
 *
 * @param base the first address
 * @param prefixBits how many leading bits all addresses share
 */
public record Network(IpAddress base, int prefixBits) {

    private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");
    private static final String FIX = " Use a network such as 10.0.0.0/8 or 2001:db8::/32.";

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the prefix is longer than an address, or the base is not the first address
     */
    public Network {
        if (prefixBits < 0 || prefixBits > base.bits()) {
            throw new IllegalArgumentException("Network '" + base + "/" + prefixBits + "' has a prefix of " + prefixBits
                    + " bits, must be 0 to " + base.bits() + "." + FIX);
        }
        IpAddress first = base.masked(prefixBits);
        if (!first.equals(base)) {
            throw new IllegalArgumentException("Network '" + base + "/" + prefixBits
                    + "' does not begin with its first address. Use " + first + "/" + prefixBits + ", or " + base + "/"
                    + base.bits() + " for this address alone.");
        }
    }

    /**
     * Reads a network; an address without a prefix is a network of one.
     *
     * @throws IllegalArgumentException if the text is no network, or does not begin with its first address
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        IpAddress base = IpAddress.parse(address).orElseThrow(() -> invalid(text, "has no IP address"));
        if (slash < 0) {
            return new Network(base, base.bits());
        }
        String prefix = text.substring(slash + 1);
        if (!PREFIX.matcher(prefix).matches()) {
            throw invalid(text, "has no number behind the slash");
        }
        return new Network(base, Integer.parseInt(prefix));
    }

    /** Returns the network of a length in which an address is; empty if no address of its kind has so long a prefix. */
    public static Optional<Network> around(IpAddress address, int prefixBits) {
        return prefixBits > address.bits()
                ? Optional.empty()
                : Optional.of(new Network(address.masked(prefixBits), prefixBits));
    }

    private static IllegalArgumentException invalid(String text, String reason) {
        return new IllegalArgumentException("Network '" + text + "' " + reason + "." + FIX);
    }

    /** Tells whether an address is in this range. */
    public boolean contains(IpAddress address) {
        return address.bits() == base.bits() && address.masked(prefixBits).equals(base);
    }

    /** Returns the text form, such as {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        return base + "/" + prefixBits;
    }
}
