package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/caching.md} about very many keys. */
class SnippetsTest {

    private final List<Product> export = new ArrayList<>();
    private final Set<Long> retried = new HashSet<>();

    record Product(long id, String name) {}

    private void use(
            LoadingCache<Long, Product> products, Stream<Long> ids, Stream<Product> imported, Stream<Long> changedIds) {
        BatchResult<Long> exported = products.batch()
                .onFailure(OnFailure.ACCUMULATE)
                .getAll(ids, (id, product) -> export.add(product)); // ids: a Stream<Long>
        if (exported.failed() > 0) {
            retryLater(exported.firstFailures().keySet()); // the first 100, each with its exception
        }

        products.batch().putAll(imported.map(product -> Map.entry(product.id(), product)));
        products.batch().chunkSize(500).invalidateAll(changedIds);
    }

    private void retryLater(Set<Long> ids) {
        retried.addAll(ids);
    }

    private static Map<Long, Product> load(Set<Long> ids) {
        if (ids.contains(1_500L)) {
            throw new IllegalStateException("The source has a bad row.");
        }
        return ids.stream().collect(Collectors.toMap(id -> id, id -> new Product(id, "loaded")));
    }

    @Test
    void batches_asDocumented_exportImportAndInvalidate() {
        try (CacheRegistry caches = CacheRegistry.builder().build()) {
            LoadingCache<Long, Product> products =
                    caches.newCache("products", Product.class).buildBulk(SnippetsTest::load);

            use(
                    products,
                    LongStream.range(0, 2_500).boxed(),
                    Stream.of(new Product(7, "imported"), new Product(8, "imported")),
                    Stream.of(8L));

            assertThat(export).hasSize(1_500);
            assertThat(retried).hasSize(100).contains(1_000L);
            assertThat(products.get(7L).name()).isEqualTo("imported");
            assertThat(products.get(8L).name()).isEqualTo("loaded");
        }
    }
}
