package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Tier;
import org.junit.jupiter.api.Test;

class BucketNamesTest {

    private final BucketNames names = new BucketNames("shop", "sixteen-letters!".getBytes(UTF_8));

    /**
     * Made with: printf 'key:demo-free' | openssl dgst -sha256 -hmac 'sixteen-letters!' -binary | basenc --base64url.
     */
    @Test
    void bucket_ofAKey_keepsItsStoredFormat() {
        assertThat(names.bucket(names.digestOfKey("demo-free"), Tier.FREE))
                .isEqualTo("shop:rl:{ZahwCovbM8neuGJylyb}:free");
    }

    @Test
    void bucket_ofAnAddress_keepsItsStoredFormat() {
        assertThat(names.bucket(names.digestOfAddress("192.0.2.1"), Tier.FREE))
                .isEqualTo("shop:rl:{Vezf1kDv_TAruh-k_-y}:free");
    }

    @Test
    void bucket_ofAName_keepsItsStoredFormat() {
        assertThat(names.bucket(names.digestOfName("tenant-7"), Tier.PRO))
                .isEqualTo("shop:rl:{UaiboBDlaTxhHG-sVyE}:pro");
    }

    @Test
    void digest_ofAddressUsedAsKey_differs() {
        assertThat(names.digestOfKey("192.0.2.1")).isNotEqualTo(names.digestOfAddress("192.0.2.1"));
    }

    @Test
    void digest_otherSecret_differs() {
        BucketNames others = new BucketNames("shop", "other-secret-here".getBytes(UTF_8));

        assertThat(others.digestOfKey("demo-free")).isNotEqualTo(names.digestOfKey("demo-free"));
    }
}
