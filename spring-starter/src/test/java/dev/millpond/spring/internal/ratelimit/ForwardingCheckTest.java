package dev.millpond.spring.internal.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
final class ForwardingCheckTest {

    private static final String STRATEGY = "server.forward-headers-strategy";

    private final MockEnvironment environment = new MockEnvironment();

    @ParameterizedTest
    @CsvSource({"native, ''", "NONE, 10.0.0.0/8", "none, ''"})
    void warn_oneHandlesForwardedFields_saysNothing(String strategy, String proxies, CapturedOutput output) {
        ForwardingCheck.warn(
                environment.withProperty(STRATEGY, strategy), proxies.isEmpty() ? List.of() : List.of(proxies));

        assertThat(output).doesNotContain("forward-headers-strategy");
    }

    @Test
    void warn_nothingSet_saysNothing(CapturedOutput output) {
        ForwardingCheck.warn(environment, List.of("10.0.0.0/8"));

        assertThat(output).doesNotContain("forward-headers-strategy");
    }

    @Test
    void warn_webServerAndOwnProxies_namesBothAndTheFix(CapturedOutput output) {
        ForwardingCheck.warn(environment.withProperty(STRATEGY, "NATIVE"), List.of("10.0.0.0/8"));

        assertThat(output)
                .contains("Property 'server.forward-headers-strategy' is 'native' and"
                        + " 'millpond.rate-limit.trusted-proxies' is set too; the web server takes forwarded fields away"
                        + " before the rate-limit filter reads them. Remove one of the two.");
    }

    @Test
    void warn_platformThatForwards_isNamed(CapturedOutput output) {
        ForwardingCheck.warn(
                environment.withProperty("spring.main.cloud-platform", "kubernetes"), List.of("10.0.0.0/8"));

        assertThat(output).contains("is 'native, as is usual on KUBERNETES' and");
    }

    @Test
    void warn_frameworkStrategy_saysThatAddressesCanBeMadeUp(CapturedOutput output) {
        ForwardingCheck.warn(environment.withProperty(STRATEGY, "framework"), List.of());

        assertThat(output)
                .contains("Property 'server.forward-headers-strategy' is 'framework', which believes whatever address a"
                        + " client names in X-Forwarded-For or Forwarded; each client can so have as many rate limits as it"
                        + " likes. Remove it and name your proxies in 'millpond.rate-limit.trusted-proxies', or use"
                        + " 'native'.");
    }
}
