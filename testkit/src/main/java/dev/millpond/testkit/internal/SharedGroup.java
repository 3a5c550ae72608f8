package dev.millpond.testkit.internal;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A group of servers that the tests of this JVM share, formed at the first use.
 *
 * @param <G> the kind of the group
 */
final class SharedGroup<G extends ServerGroup> {

    private final String name;
    private final Supplier<ServerProcesses> machine;
    private final Function<ServerProcesses, G> formation;
    private @Nullable G group;

    SharedGroup(String name, Supplier<ServerProcesses> machine, Function<ServerProcesses, G> formation) {
        this.name = name;
        this.machine = machine;
        this.formation = formation;
    }

    SharedGroup(String name, Function<ServerProcesses, G> formation) {
        this(name, () -> ServerProcesses.find(System.getenv(), RedisBinary.platform()), formation);
    }

    /** Returns the group; a class of tests that finds none tries anew, and says why. */
    synchronized G get() {
        G formed = group == null ? Attempts.start(name, this::form) : group;
        group = formed;
        return formed;
    }

    private G form() {
        ServerProcesses processes = machine.get();
        try {
            return formation.apply(processes);
        } catch (RuntimeException e) {
            processes.close();
            throw e;
        }
    }
}
