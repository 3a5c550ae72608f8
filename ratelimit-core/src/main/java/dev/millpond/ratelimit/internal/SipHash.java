package dev.millpond.ratelimit.internal;

import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits of result, by Aumasson and Bernstein: a hash that nobody can foresee or turn back who does
 * not know its key; immutable.
 *
 * <p>It reads a text as its UTF-16 code units, the lower byte of each first.
 *
 * @see <a href="https://eprint.iacr.org/2012/351">SipHash: a fast short-input PRF</a>
 */
final class SipHash {

    /**
     * A hash.
     *
     * @param low its first eight bytes, of which the first is the lowest
     * @param high its last eight bytes, in the same order
     */
    record Fingerprint(long low, long high) {

        /** Any of its bits are as good as the others. */
        @Override
        public int hashCode() {
            return (int) low;
        }
    }

    private static final int UNITS_PER_WORD = Long.BYTES / Character.BYTES;

    private final long key0;
    private final long key1;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Returns a hash with a key of its own. */
    static SipHash random() {
        SecureRandom random = new SecureRandom();
        return new SipHash(random.nextLong(), random.nextLong());
    }

    Fingerprint of(String text) {
        State state = new State(key0, key1);
        int length = text.length();
        int last = length - length % UNITS_PER_WORD;
        for (int i = 0; i < last; i += UNITS_PER_WORD) {
            state.add(unit(text, i, 0) | unit(text, i, 1) | unit(text, i, 2) | unit(text, i, 3));
        }
        state.add(rest(text, last) | ((long) length * Character.BYTES) << (Long.SIZE - Byte.SIZE));
        return state.end();
    }

    private static long unit(String text, int word, int place) {
        return (long) text.charAt(word + place) << (place * Character.SIZE);
    }

    private static long rest(String text, int from) {
        long units = 0;
        for (int i = text.length() - 1; i >= from; i--) {
            units = units << Character.SIZE | text.charAt(i);
        }
        return units;
    }

    /** What has been hashed so far, with the names of the paper. */
    private static final class State {

        private static final int ROUNDS_PER_WORD = 2;
        private static final int ROUNDS_AT_THE_END = 4;

        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void add(long word) {
            v3 ^= word;
            rounds(ROUNDS_PER_WORD);
            v0 ^= word;
        }

        Fingerprint end() {
            v2 ^= 0xee;
            rounds(ROUNDS_AT_THE_END);
            long low = v0 ^ v1 ^ v2 ^ v3;
            v1 ^= 0xdd;
            rounds(ROUNDS_AT_THE_END);
            return new Fingerprint(low, v0 ^ v1 ^ v2 ^ v3);
        }

        private void rounds(int times) {
            for (int i = 0; i < times; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }
}
