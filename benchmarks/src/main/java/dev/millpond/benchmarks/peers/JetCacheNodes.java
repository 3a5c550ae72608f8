package dev.millpond.benchmarks.peers;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.CacheBuilder;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.anno.CacheConsts;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.JetCacheCodec;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import com.alicp.jetcache.template.CacheBuilderTemplate;
import com.alicp.jetcache.template.NotifyMonitorInstaller;
import com.alicp.jetcache.template.QuickConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import java.util.Map;

/** JetCache on one machine, set up as its starter for Lettuce does it. */
@SuppressWarnings({"rawtypes", "unchecked"}) // JetCache's builders are raw.
public final class JetCacheNodes {

    private final RedisClient client;

    private JetCacheNodes(RedisClient client) {
        this.client = client;
    }

    /** Returns the one set of a machine. */
    public static JetCacheNodes of(Machine machine) throws Exception {
        return machine.shared(JetCacheNodes.class, JetCacheNodes::connect);
    }

    private static JetCacheNodes connect(Machine machine) {
        RedisClient client = RedisClient.create(machine.url());
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        machine.own(client::shutdown);
        return new JetCacheNodes(client);
    }

    /** Makes a cache; the source is told what is about to be kept in the first level. */
    Cache<String, String> cache(QuickConfig config, Source source) {
        return made(config, local().buildFunc(settings -> new TellingCaffeineCache(settings, source)));
    }

    /** Makes a cache as JetCache itself does. */
    public <V> Cache<String, V> cache(QuickConfig config) {
        return made(config, local());
    }

    private static CaffeineCacheBuilder.CaffeineCacheBuilderImpl local() {
        return CaffeineCacheBuilder.createCaffeineCacheBuilder()
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .limit(10_000);
    }

    private Cache made(QuickConfig config, CacheBuilder local) {
        CacheBuilder remote = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .valueEncoder(JavaValueEncoder.INSTANCE)
                .valueDecoder(JavaValueDecoder.INSTANCE)
                .broadcastChannel(config.getName())
                .redisClient(client)
                .pubSubConnection(client.connectPubSub(new JetCacheCodec()));
        CacheBuilderTemplate template = new CacheBuilderTemplate(
                false, Map.of(CacheConsts.DEFAULT_AREA, local), Map.of(CacheConsts.DEFAULT_AREA, remote));
        template.getCacheMonitorInstallers().add(new NotifyMonitorInstaller(area -> template.getCacheBuilder(1, area)));
        SimpleCacheManager manager = new SimpleCacheManager();
        manager.setCacheBuilderTemplate(template);
        return manager.getOrCreateCache(config);
    }
}
