package dev.millpond.cache.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.cache.spi.CacheStore;
import dev.millpond.cache.spi.CacheStore.ConditionalDrop;
import dev.millpond.cache.spi.CacheStore.ConditionalPut;
import dev.millpond.cache.spi.CacheStore.PrefixChange;
import dev.millpond.cache.spi.CacheStore.Put;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link CacheStore} does; one subclass per implementation. */
public abstract class CacheStoreContract {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(400);

    /** More than a store sends in one part. */
    private static final int MANY = 1_100;

    private static final byte[] LEASE = "Lnode-1--attempt1".getBytes(UTF_8);
    private static final byte[] VALUE = "Vnode-1--attempt1 and more".getBytes(UTF_8);

    private final String run = "contract:" + UUID.randomUUID() + ':';

    /** Returns the store under test; the same one throughout a test. */
    protected abstract CacheStore store();

    /** Lets at least this much time pass for the store. */
    protected abstract void elapse(Duration time);

    @Test
    void get_nothingStored_isNull() {
        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void get_afterPut_returnsTheSameBytes() {
        byte[] everyByte = new byte[256];
        IntStream.range(0, 256).forEach(i -> everyByte[i] = (byte) i);

        store().put(key("a"), everyByte, LONG);

        assertThat(store().get(key("a"))).isEqualTo(everyByte);
    }

    @Test
    void get_emptyString_isNotNothing() {
        store().put(key("a"), new byte[0], LONG);

        assertThat(store().get(key("a"))).isEmpty();
    }

    @Test
    void put_somethingStored_replacesIt() {
        store().put(key("a"), bytes("old"), LONG);

        store().put(key("a"), bytes("new"), LONG);

        assertThat(store().get(key("a"))).isEqualTo(bytes("new"));
    }

    @Test
    void put_timeToLiveOver_isGone() {
        store().put(key("a"), bytes("v"), SHORT);

        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void put_again_beginsANewTimeToLive() {
        store().put(key("a"), bytes("v"), SHORT);

        store().put(key("a"), bytes("v"), LONG);
        elapse(SHORT);

        assertThat(store().get(key("a"))).isEqualTo(bytes("v"));
    }

    @Test
    void putAll_someStored_replacesThemInOrder() {
        store().put(key("a"), bytes("old"), LONG);

        store().putAll(List.of(
                new Put(key("a"), bytes("new"), LONG),
                new Put(key("b"), bytes("first"), LONG),
                new Put(key("b"), bytes("last"), LONG),
                new Put(key("c"), bytes("short"), SHORT)));
        elapse(SHORT);

        assertThat(store().getAll(keys("a", "b", "c"))).containsExactly(bytes("new"), bytes("last"), null);
    }

    @Test
    void putAll_veryMany_storesAll() {
        List<String> keys =
                IntStream.range(0, MANY).mapToObj(i -> key("put-" + i)).toList();

        store().putAll(keys.stream().map(key -> new Put(key, bytes(key), LONG)).toList());

        assertThat(store().getAll(keys))
                .containsExactlyElementsOf(
                        keys.stream().map(CacheStoreContract::bytes).toList());
        store().remove(keys).toCompletableFuture().join();
    }

    @Test
    void putAll_nothing_doesNothing() {
        store().putAll(List.of());

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void get_keyWithSpecialText_isAKeyOfItsOwn() {
        store().put(key("%7Ba%7D:1%20"), bytes("escaped"), LONG);
        store().put(key("\u00fc"), bytes("umlaut"), LONG);

        assertThat(store().get(key("%7Ba%7D:1%20"))).isEqualTo(bytes("escaped"));
        assertThat(store().get(key("\u00fc"))).isEqualTo(bytes("umlaut"));
        assertThat(store().get(key("u"))).isNull();
    }

    @Test
    void getAll_someStored_answersInOrderWithGaps() {
        store().put(key("c"), bytes("3"), LONG);
        store().put(key("a"), bytes("1"), LONG);

        List<byte @Nullable []> answers = store().getAll(keys("a", "b", "c", "d"));

        assertThat(answers).containsExactly(bytes("1"), null, bytes("3"), null);
    }

    @Test
    void getAll_nothingStored_hasOneNullPerKey() {
        assertThat(store().getAll(keys("a", "b"))).containsExactly(null, null);
    }

    @Test
    void getAll_noKeys_isEmpty() {
        assertThat(store().getAll(List.of())).isEmpty();
    }

    @Test
    void getOrLease_nothingStored_storesTheLease() {
        assertThat(store().getOrLease(key("a"), bytes("lease-1"), LONG)).isNull();

        assertThat(store().get(key("a"))).isEqualTo(bytes("lease-1"));
    }

    @Test
    void getOrLease_somethingStored_returnsItAndLeavesIt() {
        store().put(key("a"), bytes("v"), LONG);

        assertThat(store().getOrLease(key("a"), bytes("lease-1"), LONG)).isEqualTo(bytes("v"));

        assertThat(store().get(key("a"))).isEqualTo(bytes("v"));
    }

    @Test
    void getOrLease_leasedAlready_returnsTheOtherLease() {
        store().getOrLease(key("a"), bytes("lease-1"), LONG);

        assertThat(store().getOrLease(key("a"), bytes("lease-2"), LONG)).isEqualTo(bytes("lease-1"));
    }

    @Test
    void getOrLease_otherLeaseRanOut_storesTheLease() {
        store().getOrLease(key("a"), bytes("lease-1"), SHORT);
        elapse(SHORT);

        assertThat(store().getOrLease(key("a"), bytes("lease-2"), LONG)).isNull();

        assertThat(store().get(key("a"))).isEqualTo(bytes("lease-2"));
    }

    @Test
    void getOrLease_leasedAlready_doesNotProlongTheOtherLease() {
        store().getOrLease(key("a"), bytes("lease-1"), SHORT);

        store().getOrLease(key("a"), bytes("lease-2"), LONG);
        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void getOrLeaseAll_someStored_leasesTheOthersInOrder() {
        store().put(key("b"), bytes("v"), LONG);

        List<byte @Nullable []> answers =
                store().getOrLeaseAll(keys("a", "b", "c"), all("lease-a", "lease-b", "lease-c"), LONG);

        assertThat(answers).containsExactly(null, bytes("v"), null);
        assertThat(store().getAll(keys("a", "b", "c"))).containsExactly(bytes("lease-a"), bytes("v"), bytes("lease-c"));
    }

    @Test
    void getOrLeaseAll_leaseRanOut_isGone() {
        store().getOrLeaseAll(keys("a"), all("lease-a"), SHORT);

        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void getOrLeaseAll_noKeys_isEmpty() {
        assertThat(store().getOrLeaseAll(List.of(), List.of(), LONG)).isEmpty();
    }

    @Test
    void putIf_beginningMatches_replaces() {
        store().put(key("a"), bytes("lease-1 and more"), LONG);

        assertThat(store().putIf(put("a", "lease-1", "value"))).isTrue();

        assertThat(store().get(key("a"))).isEqualTo(bytes("value"));
    }

    @Test
    void putIf_beginningDiffers_leavesWhatIsThere() {
        store().put(key("a"), bytes("lease-2"), LONG);

        assertThat(store().putIf(put("a", "lease-1", "value"))).isFalse();

        assertThat(store().get(key("a"))).isEqualTo(bytes("lease-2"));
    }

    @Test
    void putIf_nothingStored_storesNothing() {
        assertThat(store().putIf(put("a", "lease-1", "value"))).isFalse();

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void putIf_removedMeanwhile_storesNothing() {
        store().getOrLease(key("a"), bytes("lease-1"), LONG);
        store().remove(List.of(key("a"))).toCompletableFuture().join();

        assertThat(store().putIf(put("a", "lease-1", "value"))).isFalse();

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void putIf_leaseRanOut_storesNothing() {
        store().getOrLease(key("a"), bytes("lease-1"), SHORT);
        elapse(SHORT);

        assertThat(store().putIf(put("a", "lease-1", "value"))).isFalse();
    }

    @Test
    void putIf_storedStringShorterThanTheBeginning_leavesWhatIsThere() {
        store().put(key("a"), bytes("lea"), LONG);

        assertThat(store().putIf(put("a", "lease-1", "value"))).isFalse();

        assertThat(store().get(key("a"))).isEqualTo(bytes("lea"));
    }

    @Test
    void putIf_shortForeignStringAsBeginning_replacesIt() {
        store().put(key("a"), bytes("hi"), LONG);

        assertThat(store().putIf(put("a", "hi", "lease-1"))).isTrue();

        assertThat(store().get(key("a"))).isEqualTo(bytes("lease-1"));
    }

    @Test
    void putIf_emptyBeginning_replacesAnEmptyStringOnly() {
        store().put(key("empty"), new byte[0], LONG);
        store().put(key("full"), bytes("v"), LONG);

        assertThat(store().putIf(put("empty", "", "lease-1"))).isTrue();
        assertThat(store().putIf(put("full", "", "lease-1"))).isFalse();
        assertThat(store().putIf(put("missing", "", "lease-1"))).isFalse();
    }

    @Test
    void putIf_binaryBeginning_comparesBytes() {
        byte[] stored = {'L', 0, (byte) 0xff, (byte) 0xfe, '\n', '\r', 0};
        byte[] almost = {'L', 0, (byte) 0xff, (byte) 0xfd};
        store().put(key("a"), stored, LONG);

        assertThat(store().putIf(new ConditionalPut(key("a"), almost, bytes("v"), LONG)))
                .isFalse();
        assertThat(store().putIf(new ConditionalPut(key("a"), stored, bytes("v"), LONG)))
                .isTrue();
    }

    @Test
    void putIf_replaced_beginsANewTimeToLive() {
        store().put(key("a"), bytes("lease-1"), LONG);

        store().putIf(new ConditionalPut(key("a"), bytes("lease-1"), bytes("value"), SHORT));
        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void putAllIf_someMatch_answersInOrder() {
        store().put(key("a"), bytes("lease-a"), LONG);
        store().put(key("b"), bytes("somebody else"), LONG);
        store().put(key("d"), bytes("lease-d"), LONG);

        List<Boolean> stored = store().putAllIf(List.of(
                put("a", "lease-a", "1"),
                put("b", "lease-b", "2"),
                put("c", "lease-c", "3"),
                put("d", "lease-d", "4")));

        assertThat(stored).containsExactly(true, false, false, true);
        assertThat(store().getAll(keys("a", "b", "c", "d")))
                .containsExactly(bytes("1"), bytes("somebody else"), null, bytes("4"));
    }

    @Test
    void putAllIf_nothing_isEmpty() {
        assertThat(store().putAllIf(List.of())).isEmpty();
    }

    @Test
    void dropAllIf_beginningMatches_removes() {
        store().getOrLease(key("a"), bytes("lease-1"), LONG);

        drop("a", "lease-1");

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void dropAllIf_beginningDiffers_leavesWhatIsThere() {
        store().put(key("a"), bytes("lease-2"), LONG);

        drop("a", "lease-1");

        assertThat(store().get(key("a"))).isEqualTo(bytes("lease-2"));
    }

    @Test
    void dropAllIf_nothingStored_isHarmless() {
        drop("a", "lease-1");

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void dropAllIf_someMatch_removesThemAndNoOther() {
        store().getOrLeaseAll(keys("a", "b", "c"), all("lease-a", "lease-b", "lease-c"), LONG);

        dropAll(List.of(
                new ConditionalDrop(key("a"), bytes("lease-a")),
                new ConditionalDrop(key("b"), bytes("lease-2")),
                new ConditionalDrop(key("never there"), bytes("lease-b")),
                new ConditionalDrop(key("c"), bytes("lease-c"))));

        assertThat(store().getAll(keys("a", "b", "c"))).containsExactly(null, bytes("lease-b"), null);
    }

    @Test
    void dropAllIf_nothing_isHarmless() {
        dropAll(List.of());
    }

    @Test
    void replacePrefixes_someMatch_changesThemAndLeavesTheRest() {
        store().put(key("a"), bytes("old-1 and the rest"), LONG);
        store().put(key("b"), bytes("else1 and the rest"), LONG);

        List<Boolean> changed = replacePrefixes(
                change("a", "old-1", "new-1"), change("b", "old-1", "new-1"), change("c", "old-1", "new-1"));

        assertThat(changed).containsExactly(true, false, false);
        assertThat(store().getAll(keys("a", "b", "c")))
                .containsExactly(bytes("new-1 and the rest"), bytes("else1 and the rest"), null);
    }

    @Test
    void replacePrefixes_changed_keepsTheTimeToLive() {
        store().put(key("a"), bytes("old-1"), SHORT);

        replacePrefixes(change("a", "old-1", "new-1"));
        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void getOrLease_leasedAlready_marksTheLeaseAsWaitedForOnce() {
        store().getOrLease(key("a"), LEASE, LONG);

        store().getOrLease(key("a"), bytes("another"), LONG);
        store().getOrLease(key("a"), bytes("a third"), LONG);

        assertThat(store().get(key("a")))
                .hasSize(LEASE.length + 1)
                .startsWith(LEASE)
                .endsWith('+');
    }

    @Test
    void getOrLease_leasedAlready_keepsTheTimeToLiveOfTheLease() {
        store().getOrLease(key("a"), LEASE, SHORT);

        store().getOrLease(key("a"), bytes("another"), LONG);
        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void putIf_leaseWaitedFor_replacesItAll() {
        store().getOrLease(key("a"), LEASE, LONG);
        store().getOrLease(key("a"), bytes("another"), LONG);

        assertThat(store().putIf(new ConditionalPut(key("a"), LEASE, bytes("value"), LONG)))
                .isTrue();

        assertThat(store().get(key("a"))).isEqualTo(bytes("value"));
    }

    /** As a batch is that was sent once more, or a command whose answer was lost. */
    @Test
    void getOrLease_ofTheSameLeaseAgain_isStillTheLease() {
        store().getOrLease(key("a"), LEASE, LONG);

        assertThat(store().getOrLease(key("a"), LEASE, LONG)).isNull();

        assertThat(store().get(key("a"))).isEqualTo(LEASE);
    }

    @Test
    void getOrLease_ofTheSameLeaseWaitedFor_isStillTheLease() {
        store().getOrLease(key("a"), LEASE, LONG);
        store().getOrLease(key("a"), bytes("another"), LONG);

        assertThat(store().getOrLeaseAll(keys("a"), List.of(LEASE), LONG)).containsExactly((byte[]) null);

        assertThat(store().get(key("a"))).hasSize(LEASE.length + 1).endsWith('+');
    }

    @Test
    void putIf_ofTheSameValueAgain_isStored() {
        ConditionalPut put = new ConditionalPut(key("a"), LEASE, VALUE, LONG);
        store().getOrLease(key("a"), LEASE, LONG);
        store().putIf(put);

        assertThat(store().putIf(put)).isTrue();

        assertThat(store().get(key("a"))).isEqualTo(VALUE);
    }

    @Test
    void putIf_ofTheSameValueRemovedMeanwhile_storesNothing() {
        ConditionalPut put = new ConditionalPut(key("a"), LEASE, VALUE, LONG);
        store().getOrLease(key("a"), LEASE, LONG);
        store().putIf(put);
        store().remove(keys("a")).toCompletableFuture().join();

        assertThat(store().putAllIf(List.of(put))).containsExactly(false);

        assertThat(store().get(key("a"))).isNull();
    }

    @Test
    void putIf_ofTheSameLeaseWaitedFor_isStoredAndStaysWaitedFor() {
        ConditionalPut put = new ConditionalPut(key("a"), bytes("old"), LEASE, LONG);
        store().put(key("a"), bytes("old"), LONG);
        store().putIf(put);
        store().getOrLease(key("a"), bytes("another"), LONG);

        assertThat(store().putAllIf(List.of(put))).containsExactly(true);

        assertThat(store().get(key("a"))).hasSize(LEASE.length + 1).endsWith('+');
    }

    @Test
    void putIf_valueOfAnotherAttemptThere_isRejected() {
        store().put(key("a"), VALUE, LONG);

        assertThat(store().putIf(new ConditionalPut(key("a"), LEASE, bytes("Vnode-1--attempt2 and more"), LONG)))
                .isFalse();

        assertThat(store().get(key("a"))).isEqualTo(VALUE);
    }

    /** Only what names its attempt can be told from what somebody else stored. */
    @Test
    void putIf_ofBytesWithoutAnAttemptAgain_isRejected() {
        store().put(key("a"), bytes("old"), LONG);
        ConditionalPut put = put("a", "old", "text without an attempt in its beginning");
        store().putIf(put);

        assertThat(store().putIf(put)).isFalse();
    }

    @Test
    void replacePrefixes_again_isTrue() {
        store().put(key("a"), bytes("old-1 and the rest"), LONG);
        replacePrefixes(change("a", "old-1", "new-1"));

        assertThat(replacePrefixes(change("a", "old-1", "new-1"), change("b", "old-1", "new-1")))
                .containsExactly(true, false);

        assertThat(store().get(key("a"))).isEqualTo(bytes("new-1 and the rest"));
    }

    @Test
    void replaceHeaders_someMatch_changesThemAndLeavesTheRest() {
        store().put(key("a"), bytes("old-1 head and the rest"), LONG);
        store().put(key("b"), bytes("else1 head and the rest"), LONG);

        List<Boolean> replaced = store().replaceHeaders(
                        List.of(put("a", "old-1", "new-1 HEAD"), put("b", "old-1", "n"), put("c", "old-1", "n")));

        assertThat(replaced).containsExactly(true, false, false);
        assertThat(store().getAll(keys("a", "b", "c")))
                .containsExactly(bytes("new-1 HEAD and the rest"), bytes("else1 head and the rest"), null);
    }

    @Test
    void replaceHeaders_alone_answersAsAmongOthers() {
        store().put(key("a"), bytes("old-1 and the rest"), LONG);

        assertThat(store().replaceHeaders(List.of(put("a", "old-1", "new-1")))).containsExactly(true);
        assertThat(store().replaceHeaders(List.of(put("a", "old-1", "new-2")))).containsExactly(false);

        assertThat(store().get(key("a"))).isEqualTo(bytes("new-1 and the rest"));
    }

    @Test
    void replaceHeaders_nothing_isEmpty() {
        assertThat(store().replaceHeaders(List.of())).isEmpty();
    }

    @Test
    void replaceHeaders_replaced_beginsANewTimeToLive() {
        store().put(key("a"), bytes("old-1 and the rest"), SHORT);
        store().put(key("b"), bytes("old-1 and the rest"), LONG);

        store().replaceHeaders(List.of(
                put("a", "old-1", "new-1"), new ConditionalPut(key("b"), bytes("old-1"), bytes("new-1"), SHORT)));
        elapse(SHORT);

        assertThat(store().getAll(keys("a", "b"))).containsExactly(bytes("new-1 and the rest"), null);
    }

    @Test
    void replaceHeaders_notReplaced_keepsTheTimeToLive() {
        store().put(key("a"), bytes("else1"), SHORT);

        store().replaceHeaders(List.of(put("a", "old-1", "new-1")));
        elapse(SHORT);

        assertThat(store().get(key("a"))).isNull();
    }

    /** A lease must not become a value without a payload. */
    @Test
    void replaceHeaders_storedStringShorterThanTheHeader_leavesWhatIsThere() {
        store().put(key("a"), LEASE, LONG);

        assertThat(store().replaceHeaders(List.of(new ConditionalPut(key("a"), LEASE, VALUE, LONG))))
                .containsExactly(false);

        assertThat(store().get(key("a"))).isEqualTo(LEASE);
    }

    @Test
    void replaceHeaders_storedStringAsLongAsTheHeader_isReplaced() {
        store().put(key("a"), bytes("old-1 head"), LONG);

        assertThat(store().replaceHeaders(List.of(put("a", "old-1", "new-1 HEAD"))))
                .containsExactly(true);

        assertThat(store().get(key("a"))).isEqualTo(bytes("new-1 HEAD"));
    }

    /** As a batch is that was sent once more, or a command whose answer was lost. */
    @Test
    void replaceHeaders_again_isTrueAndChangesNothing() {
        ConditionalPut header = new ConditionalPut(key("a"), bytes("old-1"), VALUE, LONG);
        store().put(key("a"), bytes("old-1 of the same length and the rest"), LONG);
        store().replaceHeaders(List.of(header));
        byte[] replaced = store().get(key("a"));

        assertThat(store().replaceHeaders(List.of(header, put("b", "old-1", "new-1"))))
                .containsExactly(true, false);

        assertThat(replaced).startsWith(VALUE).endsWith(bytes("nd the rest"));
        assertThat(store().get(key("a"))).isEqualTo(replaced);
    }

    @Test
    void replaceHeaders_againAndRemovedMeanwhile_isFalse() {
        ConditionalPut header = new ConditionalPut(key("a"), bytes("old-1"), VALUE, LONG);
        store().put(key("a"), bytes("old-1 of the same length and the rest"), LONG);
        store().replaceHeaders(List.of(header));
        store().remove(keys("a")).toCompletableFuture().join();

        assertThat(store().replaceHeaders(List.of(header))).containsExactly(false);

        assertThat(store().get(key("a"))).isNull();
    }

    private List<Boolean> replacePrefixes(PrefixChange... changes) {
        return store().replacePrefixes(List.of(changes)).toCompletableFuture().join();
    }

    private PrefixChange change(String name, String expected, String prefix) {
        return new PrefixChange(key(name), bytes(expected), bytes(prefix));
    }

    @Test
    void remove_someStored_removesThemAndNoOther() {
        store().put(key("a"), bytes("1"), LONG);
        store().put(key("b"), bytes("2"), LONG);
        store().put(key("c"), bytes("3"), LONG);

        store().remove(keys("a", "c", "never there")).toCompletableFuture().join();

        assertThat(store().getAll(keys("a", "b", "c"))).containsExactly(null, bytes("2"), null);
    }

    @Test
    void bulkForms_manyKeys_keepEachKeysOwnAnswer() {
        List<String> keys =
                IntStream.range(0, MANY).mapToObj(i -> key("many-" + i)).toList();
        List<byte[]> leases =
                IntStream.range(0, MANY).mapToObj(i -> bytes("lease-" + i)).toList();
        List<ConditionalPut> puts = new ArrayList<>();
        IntStream.range(0, MANY)
                .forEach(i -> puts.add(new ConditionalPut(keys.get(i), leases.get(i), bytes("" + i), LONG)));

        assertThat(store().getOrLeaseAll(keys, leases, LONG)).containsOnlyNulls();
        assertThat(store().putAllIf(puts)).hasSize(MANY).containsOnly(true);
        assertThat(store().replaceHeaders(IntStream.range(0, MANY)
                        .mapToObj(i -> new ConditionalPut(keys.get(i), bytes("" + i), bytes("" + i), LONG))
                        .toList()))
                .hasSize(MANY)
                .containsOnly(true);

        assertThat(store().getAll(keys))
                .containsExactlyElementsOf(
                        IntStream.range(0, MANY).mapToObj(i -> bytes("" + i)).toList());
        dropAll(IntStream.range(0, MANY)
                .mapToObj(i -> new ConditionalDrop(keys.get(i), bytes("" + i)))
                .toList());
        assertThat(store().getAll(keys)).containsOnlyNulls();
    }

    private void drop(String name, String expected) {
        dropAll(List.of(new ConditionalDrop(key(name), bytes(expected))));
    }

    private void dropAll(List<ConditionalDrop> drops) {
        store().dropAllIf(drops).toCompletableFuture().join();
    }

    private String key(String name) {
        return run + name;
    }

    private List<String> keys(String... names) {
        return List.of(names).stream().map(this::key).toList();
    }

    private ConditionalPut put(String name, String expected, String bytes) {
        return new ConditionalPut(key(name), bytes(expected), bytes(bytes), LONG);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<byte[]> all(String... texts) {
        return List.of(texts).stream().map(CacheStoreContract::bytes).toList();
    }
}
