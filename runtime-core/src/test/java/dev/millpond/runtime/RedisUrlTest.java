package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisUrlTest {

    private static final String FIX = " Use redis://host:port or, for TLS, rediss://host:port.";

    @Test
    void parse_everyPart_isRead() {
        RedisUrl url = RedisUrl.parse("rediss://pond:p%40ss%3Aw+rd%2F@cache.example:6380/2");

        assertThat(url.address()).isEqualTo("rediss://cache.example:6380");
        assertThat(url.user()).hasValue("pond");
        assertThat(url.password()).hasValue("p@ss:w+rd/");
        assertThat(url.database()).isEqualTo(2);
        assertThat(url).hasToString("rediss://***@cache.example:6380/2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://localhost:6379", "REDIS://localhost:6379", "redis://localhost:6379/"})
    void parse_onlyHostAndPort_hasNoUserAndDatabaseZero(String text) {
        RedisUrl url = RedisUrl.parse(text);

        assertThat(url.address()).isEqualTo("redis://localhost:6379");
        assertThat(url.user()).isEmpty();
        assertThat(url.password()).isEmpty();
        assertThat(url.database()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://:secret@localhost:6379", "redis://secret@localhost:6379"})
    void parse_passwordAlone_belongsToTheDefaultUser(String text) {
        RedisUrl url = RedisUrl.parse(text);

        assertThat(url.user()).isEmpty();
        assertThat(url.password()).hasValue("secret");
    }

    @Test
    void parse_ipv6Host_isKept() {
        assertThat(RedisUrl.parse("redis://[::1]:6379").address()).isEqualTo("redis://[::1]:6379");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            localhost:6379                   | localhost:6379               | has no redis:// or rediss:// scheme
            //localhost:6379                 | //localhost:6379             | has no redis:// or rediss:// scheme
            http://localhost:6379            | http://localhost:6379        | has no redis:// or rediss:// scheme
            redis:///2                       | redis:///2                   | has no host
            redis:localhost                  | redis:localhost              | has no host
            redis://my_redis:6379            | redis://my_redis:6379        | has a host or port with characters that no host name has
            redis://localhost                | redis://localhost            | has no port
            redis://localhost:0              | redis://localhost:0          | has port 0, which must be 1 to 65535
            redis://localhost:65536          | redis://localhost:65536      | has port 65536, which must be 1 to 65535
            redis://localhost:6379/cache     | redis://localhost:6379/cache | has a path that is not the number of a database
            redis://localhost:6379/99999     | redis://localhost:6379/99999 | has a path that is not the number of a database
            redis://localhost:6379?timeout=1 | redis://localhost:6379?***   | has a query or fragment
            redis://localhost:6379#x         | redis://localhost:6379#x     | has a query or fragment
            """)
    void parse_badPart_isRefusedWithTheRuleAndTheFix(String text, String shown, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisUrl.parse(text))
                .withMessage("Redis URL '" + shown + "' " + problem + "." + FIX);
    }

    @Test
    void parse_notAUrl_isRefusedWithAHintAtTheEncoding() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisUrl.parse("redis://:50%secret@localhost:6379"))
                .withMessage("Redis URL 'redis://***@localhost:6379' is not a URL;"
                        + " characters such as '@', '/' and '%%' in a password must be %%-encoded.".replace("%%", "%")
                        + FIX)
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:secret@localhost",
                "redis://user:sec/secret@localhost:6379",
                "redis://user:sec@secret@localhost:6379",
                "redis://user:sec?secret@localhost:6379",
                "redis://:secret?ret@localhost:6379",
                "redis://:secret?re@t@localhost:6379?x=1",
                "redis://user:sec#secret@localhost:6379",
                "redis://user:sec secret@localhost:6379",
                "rediss://user:secret^@localhost:6379",
                "user:secret@localhost:6379",
                "http://user:secret@localhost:6379",
                "redis://localhost:6379?password=secret",
            })
    void parse_badUrlWithPassword_neverShowsIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisUrl.parse(text))
                .satisfies(e -> assertThat(e).hasMessageNotContaining("secret").hasNoCause());
    }
}
