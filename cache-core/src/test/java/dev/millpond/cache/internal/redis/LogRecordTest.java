package dev.millpond.cache.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millpond.cache.internal.redis.LogClient.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRecordTest {

    @Test
    void parse_message_hasItsNames() {
        assertThat(LogRecord.parse("9f3c|42|k:teams:39\na:teams"))
                .isEqualTo(new LogRecord("9f3c", 42, List.of("k:teams:39", "a:teams")));
    }

    @Test
    void parse_nameWithABar_staysWhole() {
        assertThat(LogRecord.parse("9f3c|42|t:a|b").names()).containsExactly("t:a|b");
    }

    @Test
    void parse_answerToAnAppend_hasNoNamesYet() {
        LogRecord record = LogRecord.parse("9f3c|42");

        assertThat(record).isEqualTo(new LogRecord("9f3c", 42, List.of()));
        assertThat(record.withNames(List.of("t:x"))).isEqualTo(new LogRecord("9f3c", 42, List.of("t:x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "9f3c", "9f3c|", "9f3c|x|t:a", "9f3c|4.2|t:a", "9f3c||t:a"})
    void parse_anythingElse_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> LogRecord.parse(text));
    }

    @Test
    void parse_oneField_saysWhatARecordLooksLike() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogRecord.parse("hello"))
                .withMessage("An invalidation must read epoch|sequence|names.");
    }

    @Test
    void join_names_areSplitAgain() {
        List<String> names = List.of("k:teams:39", "a:teams", "t:a%0Ab");

        assertThat(LogRecord.split(LogRecord.join(names))).isEqualTo(names);
    }

    @Test
    void page_ofAPoll_hasItsRecordsInOrder() {
        Page page = Page.of(List.of("9f3c", "44", "40", "43", "t:a\nt:b", "44", "t:c"));

        assertThat(page)
                .isEqualTo(new Page(
                        "9f3c",
                        44,
                        40,
                        List.of(
                                new LogRecord("9f3c", 43, List.of("t:a", "t:b")),
                                new LogRecord("9f3c", 44, List.of("t:c")))));
    }

    @Test
    void page_nothingMissed_hasNoRecords() {
        assertThat(Page.of(List.of("9f3c", "44", "40"))).isEqualTo(new Page("9f3c", 44, 40, List.of()));
    }

    @Test
    void keys_ofANamespace_areInOneSlot() {
        assertThat(LogKeys.of("shop")).isEqualTo(new LogKeys("{mp:shop}:t", "{mp:shop}:log", "{mp:shop}:c"));
    }
}
