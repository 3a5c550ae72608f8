package dev.millpond.ratelimit.internal.engine;

import java.util.List;

/** The part of a key by which a Redis Cluster decides where it is kept: what is in its first braces, or all of it. */
final class HashTag {

    private HashTag() {}

    static String of(String key) {
        int begin = key.indexOf('{') + 1;
        int end = key.indexOf('}', begin);
        return begin > 0 && end > begin ? key.substring(begin, end) : key;
    }

    /** Returns the key of what is lent of a bucket, in the same place. */
    static String keyOfLeases(String bucket) {
        return besides(bucket) + ":leased";
    }

    /** Returns the key of the requests in flight of a bucket, in the same place. */
    static String keyInFlight(String bucket) {
        return besides(bucket) + ":in-flight";
    }

    private static String besides(String bucket) {
        return bucket.indexOf('{') < 0 ? "{" + bucket + "}" : bucket;
    }

    /** Tells whether keys are kept together for certain. */
    static boolean isOneFor(List<String> keys) {
        return keys.size() <= 1 || keys.stream().map(HashTag::of).distinct().count() <= 1;
    }
}
