package dev.millpond.examples.programmatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.LoadingCache;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the README true: its example is a region of this file, and its two commands are where scripts look for them.
 */
class ReadmeTest {

    private static final Path README = Path.of("../../README.md");
    private static final Path THIS =
            Path.of("src/test/java", ReadmeTest.class.getName().replace('.', '/') + ".java");

    private final Database database = group -> new Standings(group, List.of("Germany", "Switzerland"));
    private final ApiKeys apiKeys = key -> key.equals("demo-free") ? Optional.of(Tier.FREE) : Optional.empty();
    private final List<CacheResult<Standings>> responses = new ArrayList<>();

    @Test
    void example_run_answersFromTheDatabase() {
        example();

        assertThat(responses)
                .extracting(CacheResult::source, CacheResult::value)
                .containsExactly(tuple(CacheResult.Source.LOADER, Optional.of(database.standings("A"))));
    }

    private void example() {
        // region example
        CacheRegistry caches = CacheRegistry.builder().build();
        LoadingCache<String, Standings> standings = caches.newCache("standings", Standings.class)
                .timeToLive(Duration.ofMinutes(10))
                .build(group -> database.standings(group));
        RateLimiter limiter = RateLimiter.builder().tierOf(apiKeys::tierOf).build();

        if (limiter.tryAcquire("demo-free").allowed()) { // 10 per minute and a burst of 2
            respond(standings.lookup("A")); // from the database at first, then from the cache
        }
        standings.invalidate("A"); // after a change is committed
        // endregion
        limiter.close();
        caches.close();
    }

    @Test
    void firstBlock_inReadme_isTheExampleOfThisTest() throws IOException {
        String example = match("// region example\n(.*?)\\s+// endregion", Files.readString(THIS))
                .get(0)
                .stripIndent();

        assertThat(blocks("java", Files.readString(README))).first().isEqualTo(example);
    }

    @Test
    void runAndTest_inReadme_haveOneCommandEach() throws IOException {
        assertThat(blocks("bash", section("Run it"))).containsExactly("mvn -q -P run -pl examples/boot -am package");
        assertThat(blocks("bash", section("Test it"))).containsExactly("mvn -B -ntp verify");
    }

    @Test
    void javaBlocks_inReadme_areInTheExamples() throws IOException {
        String examples = stripped(sources());

        assertThat(blocks("java", Files.readString(README)))
                .allSatisfy(block -> assertThat(examples).contains(stripped(block)));
    }

    @Test
    void yamlBlock_inReadme_isPartOfTheBootExample() throws IOException {
        String settings = Files.readString(Path.of("../boot/src/main/resources/application.yml"));

        assertThat(blocks("yaml", Files.readString(README)))
                .singleElement()
                .satisfies(block -> assertThat(stripped(settings).lines())
                        .containsSubsequence(stripped(block).lines().toList()));
    }

    @Test
    void links_inReadme_leadToFiles() throws IOException {
        assertThat(match("\\]\\((?!https?:)([^)#]+)", Files.readString(README)))
                .allSatisfy(link -> assertThat(README.resolveSibling(link)).exists());
    }

    private void respond(CacheResult<Standings> answer) {
        responses.add(answer);
    }

    private static String section(String title) throws IOException {
        return match("(?m)^## " + title + "$(.*?)(?=^## |\\z)", Files.readString(README))
                .get(0);
    }

    private static List<String> blocks(String language, String markdown) {
        return match("(?m)^```" + language + "\n(.*?)\n```$", markdown);
    }

    /** Returns what the first group of the pattern finds. */
    private static List<String> match(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            StringBuilder sources = new StringBuilder();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                sources.append(Files.readString(file)).append('\n');
            }
            return sources.toString();
        }
    }

    private static String stripped(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    private record Standings(String group, List<String> teams) {}

    private interface Database {
        Standings standings(String group);
    }

    private interface ApiKeys {
        Optional<Tier> tierOf(String key);
    }
}
