package dev.millpond.cache.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One rule taken out of a class.
 *
 * @param name what the code no longer does
 * @param file the class, as a path below {@code dev/millpond/cache/internal}
 * @param rule the text of the rule
 * @param replacement the text in its place
 * @param test the test that has to notice
 */
record Mutation(String name, String file, String rule, String replacement, String test) {

    private static final Path SOURCES = Path.of("src/main/java/dev/millpond/cache/internal");

    /** Compiles the class without its rule into a directory. */
    void compileTo(Path directory) throws IOException {
        Path source = directory.resolve(Path.of(file).getFileName());
        Files.writeString(source, mutated());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", directory.toString());
            boolean compiled = compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("The mutant '" + name + "' does not compile.");
            }
        }
    }

    private String mutated() throws IOException {
        String text = Files.readString(SOURCES.resolve(file));
        if (!text.contains(rule)) {
            throw new IllegalStateException("The mutant '" + name + "' takes a rule out of " + file
                    + " that is not there any more: " + rule + ". Bring the mutant up to date.");
        }
        return text.replace(rule, replacement);
    }

    @Override
    public String toString() {
        return name;
    }
}
