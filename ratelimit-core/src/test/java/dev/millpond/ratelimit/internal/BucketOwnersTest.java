package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.Tier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketOwnersTest {

    private final BucketNames names = new BucketNames("shop", "sixteen-letters!".getBytes(UTF_8));
    private final BucketOwners owners = new BucketOwners(names);

    @Test
    void ofKey_again_isTheSameOwner() {
        BucketOwner first = owners.ofKey("demo-free");

        assertThat(owners.ofKey("demo-free")).isSameAs(first);
        assertThat(first.digest()).isEqualTo(names.digestOfKey("demo-free"));
    }

    @Test
    void ofAddress_inOneNetwork_hasTheDigestOfTheNetwork() {
        assertThat(owners.ofAddress("[2001:db8::1]:443").digest())
                .isEqualTo(owners.ofAddress("2001:db8::2").digest())
                .isEqualTo(names.digestOfAddress("2001:db8:0:0::/64"));
    }

    @Test
    void find_sameTextOfEachKind_givesThreeOwners() {
        assertThat(owners.ofKey("192.0.2.1").digest()).isEqualTo(names.digestOfKey("192.0.2.1"));
        assertThat(owners.ofAddress("192.0.2.1").digest()).isEqualTo(names.digestOfAddress("192.0.2.1"));
        assertThat(owners.ofName("192.0.2.1").digest()).isEqualTo(names.digestOfName("192.0.2.1"));
    }

    @Test
    void ofKey_moreThanAreRemembered_staysBounded() {
        IntStream.range(0, 60_000).forEach(i -> owners.ofKey("made-up-" + i));

        assertThat(owners.size()).isLessThanOrEqualTo(BucketOwners.MAXIMUM_OWNERS);
        assertThat(owners.ofKey("made-up-0").digest()).isEqualTo(names.digestOfKey("made-up-0"));
    }

    @Test
    void bucket_ofAnotherTier_isNotTheLastOne() {
        BucketOwner owner = owners.ofKey("demo-free");
        TierBucket free = owner.bucket(Tier.FREE);

        assertThat(owner.bucket(Tier.PRO).name()).isEqualTo(names.bucket(owner.digest(), Tier.PRO));
        assertThat(owner.bucket(Tier.FREE)).isEqualTo(free);
    }

    @Test
    void bucket_ofTierDefinedAnew_hasTheNewLimits() {
        BucketOwner owner = owners.ofKey("demo-free");
        Tier other = Tier.of("free", RateLimit.perMinute(20));
        owner.bucket(Tier.FREE);

        assertThat(owner.bucket(other).takes().get(0).limits()).isEqualTo(other.limits());
    }
}
