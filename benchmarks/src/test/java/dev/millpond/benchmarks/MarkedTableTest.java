package dev.millpond.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedTableTest {

    @TempDir
    private Path root;

    private Path file;

    @BeforeEach
    void makePage() throws Exception {
        file = Files.createDirectory(root.resolve("docs")).resolve("consistency.md");
        Files.writeString(file, "before\n<!-- races: begin -->\nold\n<!-- races: end -->\nafter\n");
    }

    @Test
    void write_table_replacesOnlyWhatIsBetweenTheMarkers() throws Exception {
        MarkedTable page = new MarkedTable(root, "consistency.md", "races");

        page.write("| new |\n");

        assertThat(file).hasContent("before\n<!-- races: begin -->\n| new |\n<!-- races: end -->\nafter\n");
        assertThat(page.read()).isEqualTo("| new |\n");
    }

    @Test
    void read_noMarker_saysWhichIsMissing() throws Exception {
        Files.writeString(file, "<!-- races: begin -->\n");

        assertThatThrownBy(() -> new MarkedTable(root, "consistency.md", "races").read())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(file + " has no line '<!-- races: end -->'. The table stands between"
                        + " '<!-- races: begin -->' and '<!-- races: end -->'.");
    }
}
