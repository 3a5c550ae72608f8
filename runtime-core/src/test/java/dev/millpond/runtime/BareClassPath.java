package dev.millpond.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** A class path of chosen libraries alone, to run code without an optional one. */
public final class BareClassPath implements AutoCloseable {

    private final URLClassLoader loader;

    /** Creates one of the libraries that these classes are in. */
    public BareClassPath(Class<?>... types) {
        URL[] libraries = Arrays.stream(types)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        loader = new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader());
    }

    /** Makes an object of a class as this class path has it; all that the test shares with it is a type of the JDK. */
    @SuppressWarnings("unchecked")
    public <T> T instance(Class<? super T> type, Class<? extends T> implementation)
            throws ReflectiveOperationException {
        Class<?> loaded = loader.loadClass(implementation.getName());
        assertThat(loaded.getClassLoader()).isSameAs(loader);
        return (T) type.cast(loaded.getDeclaredConstructor().newInstance());
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
