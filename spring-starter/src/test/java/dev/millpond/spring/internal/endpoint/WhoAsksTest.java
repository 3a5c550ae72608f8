package dev.millpond.spring.internal.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.runtime.Job;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.Switches;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/** Whose name is noted with what an operator does: that of the authenticated user, else the one given as {@code by}. */
final class WhoAsksTest {

    private static final SecurityContext BOB = new SecurityContext() {
        @Override
        public Principal getPrincipal() {
            return () -> "bob";
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }
    };

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"alice", ""})
    void changeSwitch_authenticated_isTheUserWhoeverByNames(@Nullable String by) {
        try (Switches switches = Switches.builder().build()) {
            var unused = new SwitchEndpoint(switches).change(BOB, "rate-limit", "off", "node", null, by);

            assertThat(switches.state(Switch.RATE_LIMIT).node())
                    .map(SwitchSetting::by)
                    .contains("bob");
        }
    }

    @Test
    void changeSwitch_notAuthenticated_isWhomByNames() {
        try (Switches switches = Switches.builder().build()) {
            var unused = new SwitchEndpoint(switches)
                    .change(SecurityContext.NONE, "rate-limit", "off", "node", null, "alice");

            assertThat(switches.state(Switch.RATE_LIMIT).node())
                    .map(SwitchSetting::by)
                    .contains("alice");
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"alice", ""})
    void actOnJob_authenticated_isTheUserWhoeverByNames(@Nullable String by) {
        try (Jobs jobs = Jobs.builder().job(Job.of("clean", run -> Map.of())).build()) {
            var unused = new JobEndpoint(jobs).act(BOB, "clean", "pause", null, by);

            assertThat(jobs.state("clean").paused()).map(JobState.Order::by).contains("bob");
        }
    }

    @Test
    void actOnJob_notAuthenticated_isWhomByNames() {
        try (Jobs jobs = Jobs.builder().job(Job.of("clean", run -> Map.of())).build()) {
            var unused = new JobEndpoint(jobs).act(SecurityContext.NONE, "clean", "pause", null, "alice");

            assertThat(jobs.state("clean").paused()).map(JobState.Order::by).contains("alice");
        }
    }
}
