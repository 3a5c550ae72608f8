package dev.millpond.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.RedisConnection;
import dev.millpond.spring.autoconfigure.MillpondCacheAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondJobsAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondMetricsAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondRateLimitAutoConfiguration;
import dev.millpond.spring.autoconfigure.MillpondSwitchesAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The alerts and the dashboard that operators copy. */
final class OperationsFilesTest {

    private static final Logger log = LoggerFactory.getLogger(OperationsFilesTest.class);
    private static final Path FOLDER = Path.of("../docs/operations");

    /** Names of series are all that has a prefix of ours and no other sign of a name before or behind it. */
    private static final Pattern SERIES = Pattern.compile("(?<![\\w:$/])(?:millpond|cache)_\\w+(?=[{)\\[ ])");

    /** Names of series whose values themselves are added up over nodes. */
    private static final Pattern ADDED_UP =
            Pattern.compile("(?<=(?:sum|avg)(?: by \\([\\w, ]{1,99}\\) | ?)\\()\\w+(?=[{)])");

    private static final Pattern ALERT = Pattern.compile("(?m)^ *- alert: (\\w+)$");

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "dashboard.json"})
    void file_allSeries_areMeasured(String file) throws IOException {
        Set<String> used = found(SERIES, read(file));

        assertThat(used).hasSizeGreaterThan(5);
        assertThat(measured()).containsAll(used);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "running",
                "progress",
                "runs_total",
                "failures_total",
                "done",
                "planned",
                "rate",
                "last_failed",
                "last_duration_seconds",
                "skips_total",
                "overruns_total",
                "paused",
                "next_run_seconds"
            })
    void dashboard_jobs_showsHowTheyAre(String series) throws IOException {
        assertThat(found(SERIES, read("dashboard.json"))).contains("millpond_job_" + series);
    }

    /** A sum with what is not a number is none, and a node tells no number of a job that it has not run. */
    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "dashboard.json"})
    void file_whatMayBeNoNumber_isNotAddedUp(String file) throws IOException {
        Set<String> noNumbers = found(Pattern.compile("(?m)^\\w+(?=.* NaN$)"), scraped());

        assertThat(noNumbers).contains("millpond_job_last_failed", "millpond_job_rate");
        assertThat(found(ADDED_UP, read(file))).doesNotContainAnyElementsOf(noNumbers);
    }

    @Test
    void alerts_all_areTestedAndExplained() throws IOException {
        Set<String> alerts = ALERT.matcher(read("alerts.yml"))
                .results()
                .map((MatchResult alert) -> alert.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(alerts).hasSizeGreaterThan(10);
        assertThat(alerts).allSatisfy(alert -> {
            assertThat(read("alerts-test.yml")).contains("alertname: " + alert + "\n");
            assertThat(read("../operations.md")).contains("`" + alert + "`");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "MillpondHitRateLow, warning, < 0.5",
        "MillpondHitRateVeryLow, critical, < 0.3",
        "MillpondManyRequestsBlocked, warning, > 0.1",
        "MillpondVeryManyRequestsBlocked, critical, > 0.2",
        "MillpondLoadErrors, warning, > 0.005",
        "MillpondManyLoadErrors, critical, > 0.02",
        "MillpondRedisErrors, warning, > 0.005",
        "MillpondManyRedisErrors, critical, > 0.02",
        "MillpondRedisAway, critical, == 0",
        "MillpondPoolBusy, warning, > 0.8",
        "MillpondPoolExhausted, critical, > 0.95",
        "MillpondInvalidationsLate, warning,"
                + " '> on (job, instance) max by (job, instance) (millpond_cache_invalidations_bound_seconds)'",
        "MillpondSwitchForgotten, warning, < 1",
        "MillpondJobFailing, warning, > 0.5",
        "MillpondJobForgotten, warning, == 1"
    })
    void alert_thresholdAndSeverity_areAsAgreed(String alert, String severity, String comparison) throws IOException {
        String rule = rule(alert);

        assertThat(rule).contains("labels: {severity: " + severity + "}");
        assertThat(rule).containsPattern(Pattern.quote(" " + comparison + "\n") + " +(for|labels): ");
    }

    /** Returns an alert from its name to its labels. */
    private static String rule(String alert) throws IOException {
        Matcher rule = Pattern.compile("(?s)- alert: " + alert + "\n.*?(?=annotations:)")
                .matcher(read("alerts.yml"));
        assertThat(rule.find()).as(alert).isTrue();
        return rule.group();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check rules alerts.yml", "test rules alerts-test.yml"})
    void alerts_promtool_findsNoFault(String arguments) throws Exception {
        assumePromtoolIsInstalled();
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(Arrays.asList(arguments.split(" ")));

        Process promtool = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(promtool.exitValue()).as(output).isZero();
    }

    /** A build without it says so: nobody reads the reasons of tests that were skipped. */
    private static void assumePromtoolIsInstalled() {
        if (!promtoolIsInstalled()) {
            log.warn("The alerts were not checked: promtool, of the Debian package prometheus, is not on the PATH.");
        }
        assumeThat(promtoolIsInstalled()).as("promtool is on the PATH").isTrue();
    }

    private static boolean promtoolIsInstalled() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
    }

    private static String read(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> measured() {
        return found(Pattern.compile("(?m)^\\w+"), scraped());
    }

    /** Returns what Prometheus gets of an application in which everything but its job has happened once. */
    private static String scraped() {
        StringBuilder text = new StringBuilder();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MillpondCacheAutoConfiguration.class,
                        MillpondRateLimitAutoConfiguration.class,
                        MillpondSwitchesAutoConfiguration.class,
                        MillpondJobsAutoConfiguration.class,
                        MillpondMetricsAutoConfiguration.class,
                        MetricsAutoConfiguration.class))
                .withBean(Job.class, () -> Job.of("clean", run -> Map.of()))
                .withBean(RedisConnection.class, () -> new FakeRedisConnection(false))
                .withBean(MeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .run(context -> {
                    CacheRegistry caches = context.getBean(CacheRegistry.class);
                    caches.newCache("numbers", Integer.class).build();
                    context.getBean(RateLimiter.class).tryAcquire("some-key");
                    text.append(context.getBean(PrometheusMeterRegistry.class).scrape());
                });
        return text.toString();
    }
}
