package dev.millpond.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of the documentation. */
record MarkdownPage(String text) {

    static MarkdownPage of(String name) throws IOException {
        return new MarkdownPage(Files.readString(Path.of("../docs", name)));
    }

    /** Returns the blocks of code in a language, as they are. */
    List<String> blocks(String language) {
        return Pattern.compile("(?m)^```" + language + "\n(.*?)^```$", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
