package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;
import org.jspecify.annotations.Nullable;

/** Whom buckets belong to, known by a digest: the key or the address of a client, or a name; thread-safe. */
final class BucketOwner {

    private final BucketNames names;
    private final String digest;
    private volatile @Nullable TierBucket last;
    private volatile @Nullable KnownTier knownTier;

    BucketOwner(BucketNames names, String digest) {
        this.names = names;
        this.digest = digest;
    }

    String digest() {
        return digest;
    }

    /** Returns the bucket in a tier; most owners have one, which is kept. */
    TierBucket bucket(Tier tier) {
        TierBucket known = last;
        if (known == null || !known.tier().equals(tier)) {
            known = TierBucket.of(tier, digest, names.bucket(digest, tier));
            last = known;
        }
        return known;
    }

    /** Remembers what was said about the tier of the key, by somebody who had been doubted so many times before. */
    void remember(TierAnswer answer, long doubts) {
        knownTier = new KnownTier(answer, doubts);
    }

    /** Returns what is remembered about the tier; null if there has been a doubt since, or nothing is. */
    @Nullable
    TierAnswer remembered(long doubts) {
        KnownTier known = knownTier;
        return known != null && known.doubts == doubts ? known.answer : null;
    }

    private record KnownTier(TierAnswer answer, long doubts) {}
}
