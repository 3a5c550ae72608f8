package dev.millpond.testkit.internal;

import java.io.UncheckedIOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of servers that the tests of this JVM share, formed at the first use.
 *
 * @param <G> the kind of the group
 */
public final class SharedGroup<G extends ServerGroup> {

    private static final Logger log = LoggerFactory.getLogger(SharedGroup.class);

    private final String name;
    private final Supplier<ServerProcesses> machine;
    private final Function<ServerProcesses, G> formation;
    private @Nullable ServerProcesses processes;
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
    public synchronized G get() {
        G formed = group == null ? Attempts.start(name, this::form) : group;
        group = formed;
        return formed;
    }

    /** Returns the group, healed; one that does not get well is ended, and another takes its place. */
    public G healed() {
        G formed = get();
        try {
            formed.heal();
            return formed;
        } catch (IllegalStateException | UncheckedIOException e) {
            log.warn("The {} is formed anew: {}", name, e.getMessage());
            return formedInsteadOf(formed);
        }
    }

    private synchronized G formedInsteadOf(G broken) {
        if (broken.equals(group)) {
            end();
        }
        return get();
    }

    private void end() {
        group = null;
        if (processes != null) {
            processes.close();
        }
    }

    private G form() {
        ServerProcesses started = machine.get();
        processes = started;
        try {
            return formation.apply(started);
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }
}
