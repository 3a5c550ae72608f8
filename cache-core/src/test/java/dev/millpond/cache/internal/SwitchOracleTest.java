package dev.millpond.cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.CacheResult;
import dev.millpond.cache.LoadContext;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Tag;
import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchScope;
import dev.millpond.runtime.Switches;
import dev.millpond.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two nodes whose switches are flipped at random, also while they load, between changes of the source that are
 * invalidated: no read that begins after an invalidation answers with what was there before.
 */
class SwitchOracleTest {

    private static final int STEPS = 800;
    private static final int KEYS = 3;
    private static final List<Switch> SWITCHES =
            List.of(Switch.MILLPOND, Switch.CACHE, Switch.cache("base"), Switch.cache("derived"));
    private static final List<String> MODES =
            List.of("on", "on", "off", "read-only", "local-only", "50%", "50%,read-only");

    private final FakeTicker time = new FakeTicker();
    private final Map<Integer, Integer> source = new HashMap<>();
    private final Set<Integer> put = new HashSet<>();
    private final List<Node> nodes = new ArrayList<>();
    private Random random = new Random(0);
    private Runnable poll = () -> {};
    private int cached;
    private int notModified;
    private boolean nested;

    static IntStream seeds() {
        return IntStream.range(0, 6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void twoNodesOverRedis_switchedAtRandom_neverAnswerWithWhatWasInvalidated(int seed) {
        InMemoryCacheStore store = new InMemoryCacheStore(time);
        InMemoryInvalidationLog log = new InMemoryInvalidationLog(time);
        poll = log::confirm;
        nodes.add(new Node(registryOf -> registryOf.build(store, log.node(), Duration.ofSeconds(2))));
        nodes.add(new Node(registryOf -> registryOf.build(store, log.node(), Duration.ofSeconds(2))));
        walk(seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void oneProcess_switchedAtRandom_neverAnswersWithWhatWasInvalidated(int seed) {
        nodes.add(new Node(RegistryBuilder::build));
        walk(seed);
    }

    private void walk(int seed) {
        random = new Random(seed);
        IntStream.range(0, KEYS).forEach(key -> source.put(key, 0));
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        assertThat(cached).as("answers without a load").isGreaterThan(STEPS / 20);
        assertThat(notModified).as("values not modified").isPositive();
        nodes.forEach(node -> node.caches.close());
    }

    private void step() {
        Node node = anyNode();
        switch (random.nextInt(10)) {
            case 0, 1 -> node.flip();
            case 2 -> change(node);
            case 3 -> time.advance(Duration.ofSeconds(random.nextInt(90)));
            case 4 -> poll.run();
            default -> node.read(random.nextInt(KEYS));
        }
    }

    private Node anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void change(Node node) {
        int key = random.nextInt(KEYS);
        source.merge(key, 1, Integer::sum);
        switch (random.nextInt(nested ? 4 : 5)) { // a loader must not put what it loads
            case 0 -> node.base.invalidate(key);
            case 1 -> invalidateByTag(node, key);
            case 2 -> node.base.invalidateAll(List.of(key));
            case 3 -> node.base.invalidateAll();
            default -> put(node, key);
        }
    }

    /** What was put has no tag. */
    private void invalidateByTag(Node node, int key) {
        if (put.remove(key)) {
            node.base.invalidate(key);
        } else {
            node.caches.invalidate(tag(key, version(key) - 1));
        }
    }

    /** Each version of a value has a tag of its own. */
    private static Tag tag(int key, int version) {
        return Tag.of("key " + key, version);
    }

    private int version(int key) {
        return source.getOrDefault(key, 0);
    }

    private void put(Node node, int key) {
        put.add(key);
        node.base.put(key, "v" + source.get(key));
    }

    /** What happens while a value that was read from the source is on its way. */
    private void meanwhile() {
        if (!nested && random.nextInt(3) == 0) {
            nested = true;
            if (random.nextBoolean()) {
                anyNode().flip();
            } else {
                change(anyNode());
            }
            nested = false;
        }
    }

    /** Makes the registry of a node. */
    private interface Assembly {

        CacheRegistry of(RegistryBuilder builder);
    }

    private final class Node {

        private final Switches switches = Switches.builder().build();
        private final CacheRegistry caches;
        private final LoadingCache<Integer, String> base;
        private final LoadingCache<Integer, String> derived;
        private boolean loaded;

        Node(Assembly assembly) {
            RegistryBuilder builder = new RegistryBuilder();
            builder.ticker(time).clock(time).switches(switches);
            caches = assembly.of(builder);
            base = caches.newCache("base", String.class)
                    .timeToLive(Duration.ofMinutes(1))
                    .serveStaleFor(Duration.ofMinutes(5))
                    .build(this::load);
            derived = caches.newCache("derived", String.class)
                    .timeToLive(Duration.ofMinutes(1))
                    .serveStaleFor(Duration.ofMinutes(5))
                    .build(this::loadDerived);
        }

        private @Nullable String load(Integer key, LoadContext load) {
            loaded = true;
            int version = version(key);
            boolean same = isSame(load, version);
            meanwhile();
            if (same) {
                return load.notModified();
            }
            load.tag(tag(key, version)).version("" + version);
            return "v" + version;
        }

        /** Changes with every second version of what it is made from, at which it does not look to answer that. */
        private @Nullable String loadDerived(Integer key, LoadContext load) {
            if (isSame(load, version(key) / 2)) {
                return load.notModified();
            }
            int half = Integer.parseInt(base.get(key).substring(1)) / 2;
            load.version("" + half);
            return "d" + half;
        }

        private boolean isSame(LoadContext load, int version) {
            boolean same = load.lastVersion().equals(Optional.of("" + version)) && random.nextInt(4) > 0;
            notModified += same ? 1 : 0;
            return same;
        }

        void flip() {
            Switch which = SWITCHES.get(random.nextInt(SWITCHES.size()));
            SwitchMode mode = SwitchMode.parse(MODES.get(random.nextInt(MODES.size())));
            if (which.ofCaches() || mode.isOn() || mode.isOff()) {
                switches.set(which, mode, SwitchScope.NODE, "somebody");
            }
        }

        void read(int key) {
            loaded = false;
            int before = version(key);
            String answer = answer(key);
            if (answer
                    != null) { // one read from the source may be older than changes that came while it was on its way
                int versions = answer.startsWith("d") ? 2 : 1;
                assertThat(Integer.parseInt(answer.substring(1))).isBetween(before / versions, version(key) / versions);
            }
            cached += loaded ? 0 : 1;
        }

        private @Nullable String answer(int key) {
            return switch (random.nextInt(6)) {
                case 0 -> base.getAll(List.of(key, (key + 1) % KEYS)).get(key);
                case 1 -> base.getIfPresent(key).flatMap(CacheResult::value).orElse(null);
                case 2 -> base.refresh(key).orElseThrow();
                case 3, 4 -> derived.get(key);
                default -> base.get(key);
            };
        }
    }
}
