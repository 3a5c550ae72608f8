package dev.millpond.benchmarks.reads;

import dev.millpond.benchmarks.peers.LettuceNodes;
import dev.millpond.benchmarks.peers.Machine;
import io.lettuce.core.KeyValue;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Products as JSON, read by hand over one connection of Lettuce, which all threads share.
 *
 * @param redis its commands
 * @param reader reads products
 */
record LettuceProducts(RedisCommands<String, byte[]> redis, ObjectReader reader) implements ProductCache {

    static ProductCache open(Machine machine, List<String> keys) throws Exception {
        RedisCommands<String, byte[]> redis = LettuceNodes.of(machine).bytes().sync();
        JsonMapper mapper = JsonMapper.shared();
        SetArgs expiry = SetArgs.Builder.ex(MillpondProducts.TIME_TO_LIVE);
        keys.forEach(key -> redis.set(key, mapper.writeValueAsBytes(Product.of(key)), expiry));
        return new LettuceProducts(redis, mapper.readerFor(Product.class));
    }

    @Override
    public @Nullable Product get(String key) {
        byte[] json = redis.get(key);
        return json == null ? null : reader.readValue(json);
    }

    @Override
    public Map<String, Product> getAll(List<String> keys) {
        Map<String, Product> products = new LinkedHashMap<>();
        for (KeyValue<String, byte[]> each : redis.mget(keys.toArray(String[]::new))) {
            if (each.hasValue()) {
                products.put(each.getKey(), reader.readValue(each.getValue()));
            }
        }
        return products;
    }
}
