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
            known = further(tier);
            last = known;
        }
        return known;
    }

    /** Returns the bucket in a tier that is not the owner's own. */
    TierBucket further(Tier tier) {
        return TierBucket.of(tier, digest, names.bucket(digest, tier));
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

    /** Returns what was said last about the tier, whether doubted or out of date; null if nothing was. */
    @Nullable
    TierAnswer lastKnown() {
        KnownTier known = knownTier;
        return known == null ? null : known.answer;
    }

    private record KnownTier(TierAnswer answer, long doubts) {}
}
