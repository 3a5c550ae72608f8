package dev.millpond.runtime.internal;

/** Says what is missing if Redisson, an optional dependency, is not on the class path. */
public final class RedissonPresence {

    private RedissonPresence() {}

    /**
     * Checks the class path.
     *
     * @throws IllegalStateException if Redisson is not on it
     */
    public static void require() {
        try {
            Class.forName("org.redisson.Redisson", false, RedissonPresence.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "RedisConnection needs Redisson, which is not on the class path. Add the dependency org.redisson:redisson.",
                    e);
        }
    }
}
