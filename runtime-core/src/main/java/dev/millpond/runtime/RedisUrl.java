package dev.millpond.runtime;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checked Redis URL: {@code redis://host:port}, or {@code rediss://} for TLS, optionally with {@code user:password@}
 * or {@code :password@} before the host and {@code /database} after the port. Immutable.
 *
 * @param uri the URL as it was given, with its password
 */
public record RedisUrl(URI uri) {

    private static final Set<String> SCHEMES = Set.of("redis", "rediss");
    private static final int HIGHEST_PORT = 65_535;
    private static final String FIX = " Use redis://host:port or, for TLS, rediss://host:port.";

    /**
     * Checks the parts of the URL.
     *
     * @throws IllegalArgumentException if scheme, host or port is missing, the port is not 1 to 65535, or a part is
     *     there that no Redis URL has; the message shows no password
     */
    public RedisUrl {
        String problem = problem(uri);
        if (problem != null) {
            throw invalid(uri.toString(), problem);
        }
    }

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException if it is not a URL, or not a {@link RedisUrl#RedisUrl(URI) Redis URL}
     */
    public static RedisUrl parse(String url) {
        try {
            return new RedisUrl(new URI(url));
        } catch (URISyntaxException e) {
            // Without its cause, which quotes the password.
            throw invalid(url, "is not a URL; characters such as '@', '/' and '%' in a password must be %-encoded");
        }
    }

    /** Returns scheme, host and port, without password and database. */
    public String address() {
        return uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getHost() + ":" + uri.getPort();
    }

    /** Returns the user name; empty for Redis' default user. */
    public Optional<String> user() {
        String info = uri.getRawUserInfo();
        return info == null || info.indexOf(':') <= 0
                ? Optional.empty()
                : Optional.of(decoded(info.substring(0, info.indexOf(':'))));
    }

    /** Returns the password; a single word before the {@code @} is one. */
    public Optional<String> password() {
        return Optional.ofNullable(uri.getRawUserInfo()).map(info -> decoded(info.substring(info.indexOf(':') + 1)));
    }

    /** Returns the number of the database, 0 if the URL names none. */
    public int database() {
        String path = uri.getPath();
        return path.length() > 1 ? Integer.parseInt(path.substring(1)) : 0;
    }

    /** Returns the URL with its user information hidden. */
    @Override
    public String toString() {
        return withoutPassword(uri.toString());
    }

    private static @Nullable String problem(URI uri) {
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            return "has no redis:// or rediss:// scheme";
        }
        if (uri.getHost() == null) {
            return uri.getRawAuthority() == null
                    ? "has no host"
                    : "has a host or port with characters that no host name has";
        }
        if (uri.getPort() == -1) {
            return "has no port";
        }
        if (uri.getPort() < 1 || uri.getPort() > HIGHEST_PORT) {
            return "has port " + uri.getPort() + ", which must be 1 to " + HIGHEST_PORT;
        }
        if (!uri.getPath().matches("(/\\d{0,4})?")) {
            return "has a path that is not the number of a database";
        }
        return uri.getRawQuery() == null && uri.getRawFragment() == null ? null : "has a query or fragment";
    }

    private static IllegalArgumentException invalid(String url, String reason) {
        return new IllegalArgumentException("Redis URL '" + withoutPassword(url) + "' " + reason + "." + FIX);
    }

    /**
     * Hides everything before the last '@' and after a '?', so that a password with such characters stays hidden too.
     */
    private static String withoutPassword(String url) {
        int at = url.lastIndexOf('@');
        String scheme = url.startsWith("redis://") ? "redis://" : url.startsWith("rediss://") ? "rediss://" : "";
        String shown = at < 0 ? url : scheme + "***" + url.substring(at);
        return shown.replaceFirst("\\?.*", "?***");
    }

    private static String decoded(String part) {
        // URLDecoder is made for forms, where '+' means a space.
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
