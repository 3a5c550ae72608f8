package dev.millpond.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millpond.benchmarks.ChildJvm;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.Pace;
import dev.millpond.benchmarks.measure.SuiteRules;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSuiteTest {

    @Test
    void scenarios_targets_areOfPeersThatAreMeasured() {
        SuiteRules.check(HttpSuite.scenarios(Path.of("")));
    }

    @Test
    void withoutStarter_ownClassPath_lacksTheStarterAlone() throws Exception {
        List<String> all = List.of(ChildJvm.ownClassPath().split(File.pathSeparator, -1));

        List<String> left =
                List.of(StartSampler.withoutStarter(ChildJvm.ownClassPath()).split(File.pathSeparator, -1));

        assertThat(all).containsAll(left).hasSize(left.size() + 1);
        assertThat(left).noneMatch(entry -> entry.contains("spring-starter"));
    }

    @Test
    void withoutStarter_pathThroughALink_lacksTheStarter(@TempDir Path directory) throws Exception {
        String starter = List.of(ChildJvm.ownClassPath().split(File.pathSeparator, -1)).stream()
                .filter(entry -> entry.contains("spring-starter"))
                .findFirst()
                .orElseThrow();
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), Path.of(starter).toAbsolutePath());

        assertThat(StartSampler.withoutStarter("missing.jar" + File.pathSeparator + link))
                .isEqualTo("missing.jar");
    }

    @Test
    void withoutStarter_classPathWithoutIt_saysSo() {
        assertThatThrownBy(() -> StartSampler.withoutStarter("missing.jar"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The class path does not have the starter at ")
                .hasMessageEndingWith("It is: missing.jar");
    }

    @Test
    void turns_figures_areOfSeveralStarts() {
        Pace pace = new Pace(2, Duration.ofSeconds(20), 1, Duration.ofSeconds(1));

        assertThat(new StartSampler().turns(pace)).isEqualTo(10);
        assertThat(new FilterSampler().turns(pace)).isEqualTo(2);
        assertThat(new StartSampler().turns(new Pace(1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1))))
                .isEqualTo(1);
    }

    @Test
    void of_lineOfAnotherProcess_isWhatThatSaid() {
        ServerFigures figures = new ServerFigures(1L << 40, 31);

        assertThat(ServerFigures.of(figures.line())).isEqualTo(figures);
    }

    @Test
    void ofThisProcess_allocation_isSeen() {
        long before = ServerFigures.ofThisProcess().allocatedBytes();
        byte[][] rooms = new byte[256][1 << 16];

        // What a thread has allocated that ends meanwhile is no longer counted.
        assertThat(ServerFigures.ofThisProcess().allocatedBytes() - before).isGreaterThan((long) rooms.length << 15);
    }

    @Test
    void main_eachServlet_answersAndTellsWhatItUsed() throws Exception {
        for (String peer : List.of(FilterSampler.LIMITED, FilterSampler.ALONE, FilterSampler.WITH_FIELDS)) {
            try (ServerProcess server = FilterSampler.server(peer);
                    ClosedLoop loop = ClosedLoop.open(server.port(), FilterSampler.REQUEST, 2, 200)) {
                LoopAnswers answers = loop.run(Duration.ofMillis(50));

                assertThat(answers.strays()).isZero();
                assertThat(server.used().figures().get(Metric.ALLOCATED)).isPositive();
                assertThat(server.used().figures().get(Metric.SERVER_CPU)).isPositive();
            }
        }
    }
}
