package dev.millpond.runtime;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * A checked Redis URL.
 *
 * @param uri the URL, with scheme, host, port and optionally user information and a database number as path
 */
public record RedisUrl(URI uri) {

    private static final Set<String> SCHEMES = Set.of("redis", "rediss");
    private static final String FIX = " Use redis://host:port or, for TLS, rediss://host:port.";

    /** Checks the parts that a connection needs. */
    public RedisUrl {
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            throw invalid(uri.toString(), "has no redis:// or rediss:// scheme");
        }
        if (uri.getHost() == null) {
            throw invalid(uri.toString(), "has no host");
        }
        if (uri.getPort() == -1) {
            throw invalid(uri.toString(), "has no port");
        }
    }

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException if it is not a URL, or lacks scheme, host or port
     */
    public static RedisUrl parse(String url) {
        try {
            return new RedisUrl(new URI(url));
        } catch (URISyntaxException e) {
            throw invalid(url, "is not a URL");
        }
    }

    private static IllegalArgumentException invalid(String url, String reason) {
        return new IllegalArgumentException("Redis URL '" + withoutPassword(url) + "' " + reason + "." + FIX);
    }

    private static String withoutPassword(String url) {
        return url.replaceAll("://[^@/]*@", "://***@");
    }

    /** Returns the URL with its user information hidden. */
    @Override
    public String toString() {
        return withoutPassword(uri.toString());
    }
}
