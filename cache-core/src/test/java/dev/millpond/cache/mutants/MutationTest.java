package dev.millpond.cache.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tests of the protocol notice when one of its rules is gone, as {@code MutantsIT} shows of the oracle. */
@Tag("one-jdk")
class MutationTest {

    private static final Logger log = LoggerFactory.getLogger(MutationTest.class);

    private static final String FLIGHTS = "SingleFlight.java";
    private static final String FLIGHTS_TEST = "SingleFlightTest";
    private static final String TABLE = "TagTable.java";
    private static final String TABLE_TEST = "TagTableTest";
    private static final String READER = "redis/LogReader.java";
    private static final String MODEL_TEST = "redis.LogModelTest";
    private static final String READER_TEST = "redis.LogReaderTest";
    private static final String PENDING = "redis/PendingInvalidations.java";
    private static final String PENDING_TEST = "redis.PendingInvalidationsTest";
    private static final String LOADS = "Loads.java";
    private static final String NOT_MODIFIED_TEST = "NotModifiedTest";

    @TempDir
    Path directory;

    static Stream<Mutation> mutations() {
        return Stream.of(joins(), epochAndFloor(), pending(), notModified()).flatMap(some -> some);
    }

    private static Stream<Mutation> joins() {
        return Stream.of(
                new Mutation(
                        "joins flights whose own key was invalidated",
                        FLIGHTS,
                        " || table.changedSince(flight.stamp, request.ownNames())",
                        "",
                        FLIGHTS_TEST),
                new Mutation(
                        "joins flights that began without sight of the log, however long ago",
                        FLIGHTS,
                        "!table.informedWithinBound(flight.informedAt) || ",
                        "",
                        FLIGHTS_TEST),
                new Mutation(
                        "accepts whatever a flight brings",
                        FLIGHTS,
                        "flight.stamp.coversAllOf(joinedAt) || table.valid(answer.entry())",
                        "true",
                        FLIGHTS_TEST),
                new Mutation(
                        "takes what was known when the caller came for what was known when it joined",
                        FLIGHTS,
                        "accepted(await(flight), flight, arrivedAt, joinedAt)",
                        "accepted(await(flight), flight, arrivedAt, attempt.stamp())",
                        FLIGHTS_TEST),
                new Mutation(
                        "accepts in a strict cache what the log does not confirm",
                        FLIGHTS,
                        "checks.get().passed() && table.valid(answer.entry())",
                        "table.valid(answer.entry())",
                        FLIGHTS_TEST),
                new Mutation(
                        "accepts in a strict cache what the log says is invalid",
                        FLIGHTS,
                        "checks.get().passed() && table.valid(answer.entry())",
                        "checks.get().passed()",
                        FLIGHTS_TEST),
                new Mutation(
                        "reads again with the stamp of the first attempt",
                        FLIGHTS,
                        "attempt = attempt.at(table.stamp());",
                        "attempt = attempt.at(request.stamp());",
                        FLIGHTS_TEST));
    }

    private static Stream<Mutation> epochAndFloor() {
        return Stream.of(
                new Mutation(
                        "does not look at the floor",
                        TABLE,
                        "return stamp.sequence() < current.floor;",
                        "return false;",
                        TABLE_TEST),
                new Mutation(
                        "forgets names without raising the floor",
                        TABLE,
                        "current.floor = Math.max(current.floor, floor);",
                        "",
                        TABLE_TEST),
                new Mutation("does not look at the epoch", TABLE, "!entry.isOf(current)", "false", TABLE_TEST),
                new Mutation(
                        "goes on across a gap in the log",
                        READER,
                        "follower.reset(record.epoch(), record.sequence() - 1);",
                        "for (long gap = follower.applied() + 1; gap < record.sequence(); gap++)"
                                + " follower.apply(gap, List.of());",
                        MODEL_TEST),
                new Mutation(
                        "takes a log whose end was cut off for one that has nothing new",
                        READER,
                        "follower.reset(page.epoch(), page.last());",
                        "for (long gap = follower.applied() + 1; gap <= page.last(); gap++)"
                                + " follower.apply(gap, List.of());",
                        MODEL_TEST),
                new Mutation(
                        "applies messages of another epoch",
                        READER,
                        "if (!record.epoch().equals(follower.epoch())) {",
                        "if (false) {",
                        MODEL_TEST),
                new Mutation(
                        "applies messages after a gap",
                        READER,
                        "if (record.sequence() == follower.applied() + 1) {",
                        "for (long gap = follower.applied() + 1; gap < record.sequence(); gap++)"
                                + " follower.apply(gap, List.of());\n if (true) {",
                        MODEL_TEST));
    }

    private static Stream<Mutation> pending() {
        return Stream.of(
                new Mutation("forgets what was not sent", PENDING, "pending.add(invalidated);", "", PENDING_TEST),
                new Mutation(
                        "forgets too many without a new start",
                        PENDING,
                        "newStartsNeeded = newStartsBegun + 1;",
                        "",
                        PENDING_TEST),
                new Mutation(
                        "takes what is sent for gone before it is sent",
                        PENDING,
                        "sender.accept(next);\n            remove(next);",
                        "remove(next);\n            sender.accept(next);",
                        PENDING_TEST),
                new Mutation(
                        "takes a new start that has begun for one that covers what comes later",
                        PENDING,
                        "if (newStartsBegun == newStartsNeeded) {",
                        "if (newStartsDone == newStartsNeeded) {",
                        PENDING_TEST),
                new Mutation(
                        "confirms while something is not sent",
                        READER,
                        "complete && question.nothingPending() && ",
                        "complete && ",
                        READER_TEST),
                new Mutation(
                        "confirms what it knew before it had to distrust",
                        READER,
                        " && question.distrusts() == distrusts",
                        "",
                        READER_TEST));
    }

    private static Stream<Mutation> notModified() {
        String stamp = "entries.loaded(request, stamp, value, scope.names(), scope.timeToLive(), version)";
        return Stream.of(
                new Mutation(
                        "forgets the names of last time",
                        "LoadScope.java",
                        "Collections.addAll(names, last.names());",
                        "",
                        NOT_MODIFIED_TEST),
                new Mutation(
                        "keeps the stamp of last time",
                        LOADS,
                        stamp,
                        stamp.replace(
                                "stamp,",
                                "request.last() != null && scope.revision().isNotModified()"
                                        + " ? request.last().stamp() : stamp,"),
                        NOT_MODIFIED_TEST),
                new Mutation(
                        "takes the stamp when the load is over",
                        LOADS,
                        stamp,
                        stamp.replace("stamp,", "table.stamp(),"),
                        NOT_MODIFIED_TEST),
                new Mutation(
                        "offers what was made from entries that may have other tags by now",
                        "EntryFactory.java",
                        "others.stream().allMatch(Names::isOfTags) ? given : null",
                        "given",
                        "NotModifiedDerivedTest"));
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void test_ruleTakenOut_fails(Mutation mutation) throws Exception {
        mutation.compileTo(directory);

        String failure = firstFailure(mutation.test());

        log.info("Nodes that {} fail {}.{}", mutation, mutation.test(), failure);
        assertThat(failure).as("first failure of %s", mutation.test()).isNotNull();
    }

    /** Otherwise the others fail because of how they are run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                FLIGHTS_TEST,
                TABLE_TEST,
                MODEL_TEST,
                READER_TEST,
                PENDING_TEST,
                NOT_MODIFIED_TEST,
                "NotModifiedDerivedTest"
            })
    void test_allRulesThere_passes(String test) throws Exception {
        assertThat(firstFailure(test)).isNull();
    }

    private @Nullable String firstFailure(String test) throws Exception {
        try (MutantLoader loader = new MutantLoader(directory)) {
            return PlainRunner.firstFailure(loader.loadClass("dev.millpond.cache.internal." + test));
        }
    }
}
