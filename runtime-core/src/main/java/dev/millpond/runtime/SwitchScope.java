package dev.millpond.runtime;

/** Where a switch is set. */
public enum SwitchScope {
    /** On this node alone; does not need Redis. */
    NODE,
    /** On all nodes that share a Redis and a namespace; without Redis, on this one. */
    FLEET
}
