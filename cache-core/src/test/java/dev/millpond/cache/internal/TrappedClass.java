package dev.millpond.cache.internal;

import java.io.Serializable;

/** A class that nothing but stored bytes names, and that tells when somebody believes them. */
final class TrappedClass implements Serializable {

    private static final long serialVersionUID = 1;

    static {
        BadEntry.Trap.sprung = true;
    }
}
