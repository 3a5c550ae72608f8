package dev.millpond.cache.internal;

import java.util.List;

/**
 * The Redis keys of one cache: {@code namespace:cache:key}.
 *
 * @param prefix everything before the key's text
 */
record StoreKeys(String prefix) {

    static StoreKeys of(String namespace, String cache) {
        return new StoreKeys(namespace + ':' + cache + ':');
    }

    String of(Request<?> request) {
        return of(request.text());
    }

    String of(String keyText) {
        return prefix + keyText;
    }

    List<String> of(List<? extends Request<?>> requests) {
        return requests.stream().map(this::of).toList();
    }
}
