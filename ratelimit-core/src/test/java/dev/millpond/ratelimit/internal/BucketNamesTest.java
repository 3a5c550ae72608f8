package dev.millpond.ratelimit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Tier;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
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

    /** As those of hardware are. */
    @Test
    void digest_providerCannotCopy_isTheSame() {
        Security.insertProviderAt(new Uncopied(), 1);
        try {
            BucketNames other = new BucketNames("shop", "sixteen-letters!".getBytes(UTF_8));

            assertThat(other.digestOfKey("demo-free")).isEqualTo(names.digestOfKey("demo-free"));
            assertThat(other.digestOfKey("demo-pro")).isEqualTo(names.digestOfKey("demo-pro"));
            assertThat(UncopiedMac.MADE).hasValueGreaterThan(2);
        } finally {
            Security.removeProvider(Uncopied.NAME);
        }
    }

    /** Has the algorithm of the platform, in objects that cannot be copied. */
    private static final class Uncopied extends Provider {

        private static final long serialVersionUID = 1;
        private static final String NAME = "Uncopied";

        private Uncopied() {
            super(NAME, "1", "for a test");
            put("Mac.HmacSHA256", UncopiedMac.class.getName());
        }
    }

    /** Passes on what it is asked. */
    public static final class UncopiedMac extends MacSpi {

        private static final AtomicInteger MADE = new AtomicInteger();

        private final Mac mac;

        /** Made by {@link Mac#getInstance}. */
        public UncopiedMac() throws GeneralSecurityException {
            MADE.incrementAndGet();
            mac = Mac.getInstance("HmacSHA256", "SunJCE");
        }

        @Override
        protected int engineGetMacLength() {
            return mac.getMacLength();
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec none) throws InvalidKeyException {
            mac.init(key);
        }

        @Override
        protected void engineUpdate(byte input) {
            mac.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            mac.update(input, offset, length);
        }

        @Override
        protected byte[] engineDoFinal() {
            return mac.doFinal();
        }

        @Override
        protected void engineReset() {
            mac.reset();
        }
    }
}
