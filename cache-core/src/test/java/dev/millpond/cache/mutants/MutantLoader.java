package dev.millpond.cache.mutants;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/** Loads the classes of the cache anew, those in one directory in place of the real ones. */
final class MutantLoader extends URLClassLoader {

    private static final String OURS = "dev.millpond.cache.";

    MutantLoader(Path mutants) throws MalformedURLException {
        super(urls(mutants), MutantLoader.class.getClassLoader());
    }

    private static URL[] urls(Path mutants) throws MalformedURLException {
        List<URL> urls =
                List.of(mutants.toUri().toURL(), here(dev.millpond.cache.Cache.class), here(MutantLoader.class));
        return urls.toArray(new URL[0]);
    }

    private static URL here(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
