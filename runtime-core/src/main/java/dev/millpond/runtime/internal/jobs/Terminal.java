package dev.millpond.runtime.internal.jobs;

import java.io.Console;

/** The terminal on which somebody may watch this process; the only class that prints. */
public final class Terminal {

    private Terminal() {}

    /** Tells whether the output goes to a terminal, and not to a file or another process. */
    @SuppressWarnings("SystemConsoleNull") // it is null before JDK 22, and asked further from then on
    static boolean isThere() {
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /** Since JDK 22 there is a console also where the output goes elsewhere; before, there is none then. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Prints a text as it is. */
    static void print(String text) {
        System.out.print(text);
        System.out.flush();
    }
}
