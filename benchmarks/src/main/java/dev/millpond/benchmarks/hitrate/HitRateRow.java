package dev.millpond.benchmarks.hitrate;

import java.util.Locale;

/**
 * What one library showed with the reads of one system.
 *
 * @param reads what was read
 * @param keys how many different keys that were
 * @param memory how many of them each node keeps
 * @param peer whose cache it is
 * @param answers who answered
 */
record HitRateRow(String reads, long keys, int memory, String peer, Answers answers) {

    static final String HEADER =
            "| reads | cache | own memory | Redis | loader | loads per key |\n|---|---|---|---|---|---|\n";

    String line() {
        return String.format(
                Locale.ROOT,
                "| %d × %s, %d keys, %d in a node's memory | %s | %.1f %% | %.1f %% | %.1f %% | %.2f |%n",
                answers.all(),
                reads,
                keys,
                memory,
                peer,
                answers.percent(answers.memory()),
                answers.percent(answers.redis()),
                answers.percent(answers.loader()),
                loadsPerKey());
    }

    double loadsPerKey() {
        return (double) answers.loader() / keys;
    }
}
