package dev.millpond.benchmarks.hitrate;

import java.util.List;

/**
 * Who answered reads.
 *
 * @param memory a node's own memory
 * @param redis Redis
 * @param loader the source
 */
record Answers(long memory, long redis, long loader) {

    static Answers ofAll(List<Answers> nodes) {
        return nodes.stream()
                .reduce(
                        new Answers(0, 0, 0),
                        (one, other) -> new Answers(
                                one.memory + other.memory, one.redis + other.redis, one.loader + other.loader));
    }

    long all() {
        return memory + redis + loader;
    }

    double percent(long part) {
        return all() == 0 ? 0 : 100.0 * part / all();
    }
}
