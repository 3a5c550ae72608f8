package dev.millpond.benchmarks.scaling;

import dev.millpond.benchmarks.Run;
import dev.millpond.benchmarks.Suite;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Comparison;
import dev.millpond.benchmarks.measure.Load;
import dev.millpond.benchmarks.measure.Metric;
import dev.millpond.benchmarks.measure.PointTables;
import dev.millpond.benchmarks.measure.Points;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import dev.millpond.benchmarks.measure.Scenario;
import dev.millpond.benchmarks.measure.Target;
import dev.millpond.benchmarks.peers.Versions;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.redisson.Redisson;

/**
 * What operations cost with more keys, tags, nodes and masters; a quick run measures the first and last point of most.
 *
 * @param targetsAlone whether only that is measured which has a target, and the documentation stays as it is
 */
public record ScalingSuite(boolean targetsAlone) implements Suite {

    private static final int[] KEYS = {1_000, 10_000, 100_000, 1_000_000};
    private static final int[] TAGS = {1, 4, 16, 64};
    private static final int[] NODES = {1, 2, 4, 10};
    private static final int[] IDLE_NODES = {1, 10};
    private static final int[] MASTERS = {1, 2, 3};
    private static final int[] DEPENDANTS = {1_000, 1_000_000};
    private static final String MILLPOND = "Millpond";
    private static final String MANY_KEYS = "10000";
    private static final String ONE_TAG = "1";
    private static final int DECIDING_THREADS = 8;
    private static final double MILLI = 1e6;

    /** Fewer than of libraries: there are many points, and what has a target is far from it. */
    private static final int PROCESSES = 3;

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public boolean run(Run run) throws Exception {
        List<Scenario> all = scenarios(run.quick());
        if (targetsAlone) {
            List<Scenario> withTargets = all.stream()
                    .filter(scenario -> !scenario.targets().isEmpty())
                    .toList();
            return comparison("scaling-targets", withTargets).run(new Run(run.quick(), false, run.root(), run.out()));
        }
        return comparison(name(), all).run(run);
    }

    private static Comparison comparison(String name, List<Scenario> scenarios) {
        String versions = "Redisson " + Versions.of(Redisson.class) + ", Lettuce " + Versions.of(RedisClient.class);
        return new Comparison(name, "scaling.md", versions, PROCESSES, scenarios, PointTables::of);
    }

    static List<Scenario> scenarios(boolean quick) {
        Stream<Scenario> always = Stream.of(
                invalidateTag(),
                keysInMemory(quick),
                scale(quick, "keys-redis", "hit in Redis, 1 thread, by keys", keys(ScalingSuite::redisReads)),
                scale(
                        quick,
                        "keys-limits",
                        "decision, " + DECIDING_THREADS + " threads, by keys",
                        keys(ScalingSuite::decisions)),
                scale(
                        quick,
                        "keys-invalidate",
                        "invalidation of a key, and its load and store again, 1 thread, by keys",
                        keys(ScalingSuite::invalidations)),
                scale(
                        quick,
                        "tags-redis",
                        "hit in Redis, 1 thread, by tags of each entry; memory of an entry in Redis",
                        tags(tags -> new WithMemory(reads("get", ScaledReads.REDIS, MANY_KEYS, "" + tags, true)))),
                scale(
                        quick,
                        "tags-refresh",
                        "load and store, 1 thread, by tags of each entry",
                        tags(tags -> reads("refresh", ScaledReads.LOADER, MANY_KEYS, "" + tags, true))),
                scale(
                        quick,
                        "nodes",
                        "99 reads of 1 000 keys and 1 invalidation, by nodes, each a process with 1 thread",
                        points(NODES, "node", SharingNodes::new)),
                scale(
                        quick,
                        "nodes-limits",
                        "decision on one of 10 000 keys, by nodes, each a process with 1 thread",
                        points(NODES, "node", DecidingNodes::new)),
                scale(
                        quick,
                        "idle-node",
                        "nodes that do nothing, each in a second",
                        points(IDLE_NODES, "node", IdleNodes::new)),
                operations());
        return Stream.of(always, quick ? Stream.<Scenario>of() : Stream.of(tagsInMemory()), masters(quick))
                .flatMap(Function.identity())
                .toList();
    }

    /** The last, since their servers stay until the suite ends. */
    private static Stream<Scenario> masters(boolean quick) {
        return Stream.of(
                masters(quick, "masters", "hit", NodeWork.READS),
                masters(quick, "masters-limits", "decision", NodeWork.DECISIONS));
    }

    private static Scenario masters(boolean quick, String name, String operation, NodeWork work) {
        return scale(
                quick,
                name,
                operation + " in Redis Cluster, 8 threads, by masters that have keys",
                points(MASTERS, "master", masters -> new BusyMasters(work, masters)));
    }

    /** Hardly of interest: a hit looks at tags only after an invalidation. */
    private static Scenario tagsInMemory() {
        return scale(
                false,
                "tags-memory",
                "hit in the process, 1 thread, by tags of each entry",
                tags(tags -> reads("get", ScaledReads.MEMORY, MANY_KEYS, "" + tags, false)));
    }

    /** Beside Caffeine alone, since a million entries are more than the caches of a processor hold. */
    private static Scenario keysInMemory(boolean quick) {
        Points all = keys(ScalingSuite::memoryReads);
        Points points = quick ? all.ends() : all;
        for (int keys : new int[] {KEYS[0], KEYS[KEYS.length - 1]}) {
            points.add(
                    ScaledReads.CAFFEINE + ", " + number(keys) + " keys",
                    reads("get", ScaledReads.CAFFEINE, "" + keys, ONE_TAG, false));
        }
        return new Scenario("keys-memory", "hit in the process, 1 thread, by keys", points, points.names(), List.of());
    }

    private static Scenario operations() {
        Points points = new Points()
                .add("hit in Redis", new OperationCost(Operation::hit))
                .add("load and store", new OperationCost(Operation::miss))
                .add("invalidation of a key", new OperationCost(Operation::invalidation))
                .add("invalidation of a key, 10 nodes", new OperationCost(Operation.invalidationAmong(9)))
                .add("decision", new OperationCost(Operation::decision))
                .add("decision, leases of 110, one busy client", new OperationCost(Operation::leasedDecision));
        return new Scenario(
                "operations", "what one operation asks of Redis, values of 1 000 B", points, points.names(), List.of());
    }

    private static Scenario invalidateTag() {
        Points points = new Points();
        addDependants(points, MILLPOND, MillpondDependants::open);
        addDependants(points, "reverse-index set, pipeline", IndexedDependants::deletedByPipeline);
        addDependants(points, "reverse-index set, script", IndexedDependants::deletedByScript);
        String few = millpond(DEPENDANTS[0]);
        String many = millpond(DEPENDANTS[1]);
        return new Scenario(
                "invalidate-tag",
                "invalidation of a tag, by entries that carry it",
                points,
                points.names(),
                List.of(
                        Target.number(many, Metric.SERVER_TIME, MILLI),
                        Target.multiple(many, Metric.SERVER_TIME, 2, few)));
    }

    private static void addDependants(Points points, String who, Dependants.Opener opener) {
        for (int dependants : DEPENDANTS) {
            points.add(who + ", " + number(dependants), new TagInvalidation(counted(dependants), opener));
        }
    }

    /** A trial does not need all of them. */
    private static int counted(int dependants) {
        return Comparison.smoke() ? Math.max(100, dependants / 100) : dependants;
    }

    private static String millpond(int dependants) {
        return MILLPOND + ", " + number(dependants);
    }

    private static Scenario scale(boolean quick, String name, String title, Points all) {
        Points points = quick ? all.ends() : all;
        return new Scenario(name, title, points, points.names(), List.of());
    }

    private static Points keys(IntFunction<Sampler> sampler) {
        return points(KEYS, "key", sampler);
    }

    private static Points tags(IntFunction<Sampler> sampler) {
        return points(TAGS, "tag", sampler);
    }

    private static Points points(int[] numbers, String unit, IntFunction<Sampler> sampler) {
        Points points = new Points();
        for (int number : numbers) {
            points.add(number(number) + ' ' + unit + (number == 1 ? "" : "s"), sampler.apply(number));
        }
        return points;
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    private static Sampler memoryReads(int keys) {
        return reads("get", ScaledReads.MEMORY, "" + keys, ONE_TAG, false);
    }

    private static Sampler redisReads(int keys) {
        return reads("get", ScaledReads.REDIS, "" + keys, ONE_TAG, true);
    }

    private static Sampler invalidations(int keys) {
        return reads("invalidate", ScaledReads.LOADER, "" + keys, ONE_TAG, true);
    }

    private static Sampler reads(String method, String level, String keys, String tags, boolean percentiles) {
        Load load = new Load(ScaledReads.class, method, 1, percentiles, Map.of("keys", keys, "tags", tags));
        return (point, bench) -> onEmptyRedis(load, level, bench);
    }

    private static Sampler decisions(int keys) {
        Load load = new Load(ScaledDecisions.class, "decide", DECIDING_THREADS, true, Map.of("keys", "" + keys));
        return (point, bench) -> onEmptyRedis(load, MILLPOND, bench);
    }

    private static Sample onEmptyRedis(Load load, String peer, Bench bench) throws Exception {
        EmptyRedis.of(bench.redis());
        return load.sample(peer, bench);
    }
}
