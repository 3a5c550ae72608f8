package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.ratelimit.Tier;
import dev.millpond.ratelimit.TierResolver;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A guard per address before Spring Security and the tiers after it, in a real application. */
final class TwoStagesIT {

    private Optional<RunningApplication> started = Optional.empty();

    @AfterEach
    void stop() {
        started.ifPresent(RunningApplication::close);
    }

    @Test
    void guard_exhausted_keepsPasswordsFromBeingTried() {
        Application application =
                start("millpond.rate-limit.guard.tier=address", "millpond.rate-limit.tiers.address.limit=5");

        assertThat(statuses(8, "alice", "wrong")).containsExactly(401, 401, 401, 401, 401, 429, 429, 429);
        assertThat(application.passwordsChecked).hasValue(5);
        assertThat(application.keysAsked)
                .as("who is not authenticated gets to no tier")
                .isEmpty();
    }

    @Test
    void guard_exhausted_keepsKeysFromBeingLookedUp() {
        Application application =
                start("millpond.rate-limit.guard.tier=address", "millpond.rate-limit.tiers.address.limit=5");

        for (int i = 0; i < 10; i++) {
            send(HttpRequest.newBuilder().header("X-API-Key", "made-up-" + i), "alice", "secret");
        }

        assertThat(application.keysAsked).hasSize(5);
    }

    @Test
    void stages_bothPassed_tellOfBoth() {
        start("millpond.rate-limit.guard.tier=address", "millpond.rate-limit.tiers.address.limit=5");

        HttpResponse<String> response = send(HttpRequest.newBuilder().header("X-API-Key", "known"), "alice", "secret");

        assertThat(response.body()).isEqualTo("hello alice");
        assertThat(response.headers().allValues("RateLimit"))
                .containsExactly("\"address\";r=4;t=12", "\"pro\";r=1099;t=1");
    }

    @Test
    void tiers_afterSpringSecurity_countThePrincipal() {
        Application application = start("millpond.rate-limit.client-key=principal");

        HttpResponse<String> response = send(HttpRequest.newBuilder(), "alice", "secret");

        assertThat(application.keysAsked).containsExactly("alice");
        assertThat(response.headers().allValues("RateLimit")).containsExactly("\"pro\";r=1099;t=1");
    }

    @Test
    void noGuard_wrongPasswords_areNotLimited() {
        Application application = start("millpond.rate-limit.tiers.free.limit=2");

        assertThat(statuses(6, "alice", "wrong")).containsOnly(401);
        assertThat(application.passwordsChecked).hasValue(6);
    }

    private Application start(String... properties) {
        RunningApplication application =
                RunningApplication.start(new SpringApplicationBuilder(Application.class).properties(properties));
        started = Optional.of(application);
        return application.bean(Application.class);
    }

    private int[] statuses(int requests, String user, String password) {
        return IntStream.range(0, requests)
                .map(request -> send(HttpRequest.newBuilder(), user, password).statusCode())
                .toArray();
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String user, String password) {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return started.orElseThrow().send("/hello", request.header("Authorization", "Basic " + credentials));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Application implements AuthenticationProvider {

        final AtomicInteger passwordsChecked = new AtomicInteger();
        final List<String> keysAsked = Collections.synchronizedList(new ArrayList<>());

        @Bean
        TierResolver tierResolver() {
            return key -> {
                keysAsked.add(key);
                return key.startsWith("made-up") ? Optional.empty() : Optional.of(Tier.PRO);
            };
        }

        @GetMapping("/hello")
        String hello(Principal user) {
            return "hello " + user.getName();
        }

        @Override
        public Authentication authenticate(Authentication asked) {
            passwordsChecked.incrementAndGet();
            if (!"secret".equals(asked.getCredentials())) {
                throw new BadCredentialsException("wrong");
            }
            return UsernamePasswordAuthenticationToken.authenticated(asked.getName(), null, List.of());
        }

        @Override
        public boolean supports(Class<?> type) {
            return type == UsernamePasswordAuthenticationToken.class;
        }
    }
}
