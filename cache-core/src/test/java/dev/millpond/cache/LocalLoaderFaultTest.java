package dev.millpond.cache;

/** Faults of loaders in one process. */
class LocalLoaderFaultTest extends LoaderFaultContract {

    LocalLoaderFaultTest() {
        super(CacheRegistry.builder().build());
    }
}
