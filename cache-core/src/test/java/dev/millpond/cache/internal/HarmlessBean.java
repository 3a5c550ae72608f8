package dev.millpond.cache.internal;

import java.io.Serializable;

/** What is serialized instead of a {@link TrappedClass}: the names are equally long. */
final class HarmlessBean implements Serializable {

    private static final long serialVersionUID = 1;
}
