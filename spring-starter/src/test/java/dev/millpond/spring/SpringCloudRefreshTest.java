package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Client;
import dev.millpond.ratelimit.RateLimitMode;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.spring.autoconfigure.MillpondRateLimitAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Properties that Spring Cloud itself reads anew, as its {@code refresh} endpoint and its configuration clients do. */
@ExtendWith(OutputCaptureExtension.class)
final class SpringCloudRefreshTest {

    private static final Client ANYBODY = Client.ofAddress("198.51.100.7");

    @TempDir
    private Path folder;

    @Test
    void refresh_fileHasChanged_keepsTheShareThatIsUsed() throws IOException {
        write("tiers.free.limit: 10");
        try (ConfigurableApplicationContext context = start()) {
            limiter(context).tryAcquire(ANYBODY, 5); // of 10
            write("{ tiers.free.limit: 24, mode: 25% }");

            Set<String> changed = refresh(context);

            assertThat(changed)
                    .containsExactlyInAnyOrder("millpond.rate-limit.tiers.free.limit", "millpond.rate-limit.mode");
            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(12);
            assertThat(limiter(context).rules().mode()).contains(RateLimitMode.enforceFor(25));
        }
    }

    @Test
    void refresh_badValue_isLoggedAndTheRulesInForceStay(CapturedOutput output) throws IOException {
        write("tiers.free.limit: 10");
        try (ConfigurableApplicationContext context = start()) {
            write("tiers.free.limit: 0");

            refresh(context);

            assertThat(limiter(context).peek(ANYBODY).remaining()).isEqualTo(10);
            assertThat(output)
                    .contains("are refused, those in force stay. Property 'millpond.rate-limit.tiers.free.limit'");
        }
    }

    private void write(String rateLimit) throws IOException {
        Files.writeString(folder.resolve("application.yml"), "millpond.rate-limit: " + block(rateLimit));
    }

    private static String block(String rateLimit) {
        return rateLimit.startsWith("{") ? rateLimit : "{ " + rateLimit + " }";
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run("--spring.config.location=file:" + folder + "/", "--spring.main.banner-mode=off");
    }

    private static Set<String> refresh(ConfigurableApplicationContext context) {
        return context.getBean(ContextRefresher.class).refresh();
    }

    private static RateLimiter limiter(ConfigurableApplicationContext context) {
        return context.getBean(RateLimiter.class);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        MillpondRateLimitAutoConfiguration.class,
        RefreshAutoConfiguration.class,
        ConfigurationPropertiesRebinderAutoConfiguration.class
    })
    static class Application {}
}
