package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.ratelimit.Tier;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Names buckets without telling whose they are.
 *
 * <p>A name is {@code <namespace>:rl:{<digest>}:<tier>}; the digest is the first 19 characters, 114 bits, of
 * base64url(HMAC-SHA256(secret, client)): as many as leave the bucket of each built-in tier in 200 bytes of Redis. The
 * braces keep all buckets of one client on one node of a Redis Cluster. All nodes and all versions must agree on it.
 */
final class BucketNames {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int DIGEST_LENGTH = 19;

    private final String namespace;
    private final String prefix;
    private final SecretKeySpec secret;
    private final @Nullable Mac original;

    BucketNames(String namespace, byte[] secret) {
        this.namespace = namespace;
        this.prefix = namespace + ":rl:";
        this.secret = new SecretKeySpec(secret, ALGORITHM);
        this.original = copyOf(keyed());
        digest(""); // so that no request pays for loading the algorithm
    }

    String digestOfKey(String apiKey) {
        return digest("key:" + apiKey);
    }

    String digestOfAddress(String address) {
        return digest("address:" + address);
    }

    String digestOfName(String name) {
        return digest("name:" + name);
    }

    String bucket(String digest, Tier tier) {
        return prefix + "{" + digest + "}:" + tier.name();
    }

    /** Returns where nodes tell each other about buckets. */
    String channel() {
        return namespace + ":rl";
    }

    /** Returns where changed rules are kept. */
    String rules() {
        return namespace + ":rl-rules";
    }

    /** Returns where nodes say that they are alive. */
    String nodes() {
        return namespace + ":rl-nodes";
    }

    /** Returns the name of a bucket that no client has. */
    String warmUpBucket() {
        return prefix + "warm-up";
    }

    private Mac keyed() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    private String digest(String counted) {
        byte[] code = unused().doFinal(counted.getBytes(UTF_8));
        return new String(Base64.getUrlEncoder().encode(code), 0, DIGEST_LENGTH, ISO_8859_1);
    }

    /** A copy costs a tenth of one that is made from the secret. */
    private Mac unused() {
        Mac copy = original == null ? null : copyOf(original);
        return copy == null ? keyed() : copy;
    }

    /** Returns null on a platform that cannot copy, such as one that leaves it to hardware. */
    private static @Nullable Mac copyOf(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            return null;
        }
    }
}
