package dev.millpond.benchmarks.peers;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The versions of libraries, as the names of their jar files tell them. */
public final class Versions {

    private static final Pattern VERSION = Pattern.compile("-(\\d[\\w.]*)\\.jar$");

    private Versions() {}

    /** Returns the version of the library that a class is from. */
    public static String of(Class<?> type) {
        String jar = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
        Matcher matcher = VERSION.matcher(jar);
        if (!matcher.find()) {
            throw new IllegalStateException("The version of " + type.getName() + " does not show in '" + jar
                    + "', the file that it is from. Run with the libraries' jar files on the class path.");
        }
        return matcher.group(1);
    }
}
