package dev.millpond.cache.internal;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.cache.spi.CacheStore;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A second level in this process, with switches for what can go wrong; thread-safe.
 *
 * <p>Several registries over one of these are several nodes over one Redis. Each command can be made to fail, to lose
 * its answer, or to run an action first, which is how a test puts something between two steps of a read.
 */
public final class InMemoryCacheStore implements CacheStore {

    /** The commands, to be named in {@link #before}, {@link #failing} and {@link #commands}. */
    public enum Command {
        GET,
        GET_ALL,
        GET_OR_LEASE,
        GET_OR_LEASE_ALL,
        PUT_IF,
        PUT_ALL_IF,
        PUT,
        PUT_ALL,
        DROP_ALL_IF,
        REMOVE,
        REPLACE_PREFIXES
    }

    private final Ticker ticker;
    private final Map<String, Stored> entries = new HashMap<>();
    private final List<Command> commands = new CopyOnWriteArrayList<>();
    private final Map<Command, Consumer<List<String>>> hooks =
            Collections.synchronizedMap(new EnumMap<>(Command.class));
    private final Set<Command> failing = Collections.synchronizedSet(EnumSet.noneOf(Command.class));
    private final List<Consumer<String>> released = new CopyOnWriteArrayList<>();
    private final Set<Command> losingAnswers = Collections.synchronizedSet(EnumSet.noneOf(Command.class));

    /** Creates an empty store whose strings expire by this ticker. */
    public InMemoryCacheStore(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Makes every command fail, or none. */
    public void unavailable(boolean away) {
        if (away) {
            failing(Command.values());
        } else {
            failing();
        }
    }

    /** Makes these commands fail without any effect, and all others work. */
    public void failing(Command... failingCommands) {
        failing.clear();
        Collections.addAll(failing, failingCommands);
    }

    /** Makes these commands fail after they took effect, as when an answer is lost, and all others answer. */
    public void losingAnswersOf(Command... losingCommands) {
        losingAnswers.clear();
        Collections.addAll(losingAnswers, losingCommands);
    }

    /** Runs an action, on the calling thread and outside any lock, each time before this command takes effect. */
    public void before(Command command, Runnable action) {
        before(command, keys -> action.run());
    }

    /** Runs an action with the keys of the command each time before it takes effect. */
    public void before(Command command, Consumer<List<String>> action) {
        hooks.put(command, action);
    }

    /** Runs an action before this command the next time only, so that it may use the command itself. */
    public void beforeNext(Command command, Runnable action) {
        before(command, keys -> {
            hooks.remove(command);
            action.run();
        });
    }

    /** Forgets the action that runs before this command. */
    public void noHook(Command command) {
        hooks.remove(command);
    }

    /** Returns the commands received so far, failed ones included. */
    public List<Command> commands() {
        return List.copyOf(commands);
    }

    /** Returns how often this command was received. */
    public int count(Command command) {
        return Collections.frequency(commands, command);
    }

    /** Forgets the commands received so far. */
    public void forgetCommands() {
        commands.clear();
    }

    /** Returns the keys that have not expired, in order. */
    public synchronized Set<String> keys() {
        return new TreeSet<>(
                entries.keySet().stream().filter(key -> peek(key) != null).toList());
    }

    /** Returns what is stored, without being a command. */
    public synchronized byte @Nullable [] peek(String key) {
        Stored stored = entries.get(key);
        return stored == null || ticker.read() - stored.expiresAt() >= 0
                ? null
                : stored.bytes().clone();
    }

    /** Stores bytes for as long as the test runs, without being a command: foreign data, or an older version's. */
    public synchronized void plant(String key, byte[] bytes) {
        entries.put(key, new Stored(bytes.clone(), ticker.read() + Long.MAX_VALUE / 2));
    }

    /** Removes everything, without being a command: FLUSHALL, or eviction. */
    public synchronized void clear() {
        entries.clear();
    }

    @Override
    public byte @Nullable [] get(String key) {
        begin(Command.GET, List.of(key));
        byte @Nullable [] stored = peek(key);
        end(Command.GET);
        return stored;
    }

    @Override
    public List<byte @Nullable []> getAll(List<String> keys) {
        begin(Command.GET_ALL, keys);
        List<byte @Nullable []> answers = new ArrayList<>();
        keys.forEach(key -> answers.add(peek(key)));
        end(Command.GET_ALL);
        return answers;
    }

    @Override
    public byte @Nullable [] getOrLease(String key, byte[] lease, Duration leaseTime) {
        begin(Command.GET_OR_LEASE, List.of(key));
        byte @Nullable [] stored = leaseUnlessStored(key, lease, leaseTime);
        end(Command.GET_OR_LEASE);
        return stored;
    }

    @Override
    public List<byte @Nullable []> getOrLeaseAll(List<String> keys, List<byte[]> leases, Duration leaseTime) {
        begin(Command.GET_OR_LEASE_ALL, keys);
        List<byte @Nullable []> answers = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            answers.add(leaseUnlessStored(keys.get(i), leases.get(i), leaseTime));
        }
        end(Command.GET_OR_LEASE_ALL);
        return answers;
    }

    @Override
    public boolean putIf(ConditionalPut put) {
        begin(Command.PUT_IF, List.of(put.key()));
        boolean replaced = replace(put);
        end(Command.PUT_IF);
        return replaced;
    }

    @Override
    public List<Boolean> putAllIf(List<ConditionalPut> puts) {
        begin(Command.PUT_ALL_IF, puts.stream().map(ConditionalPut::key).toList());
        List<Boolean> replaced = puts.stream().map(this::replace).toList();
        end(Command.PUT_ALL_IF);
        return replaced;
    }

    @Override
    public void put(String key, byte[] bytes, Duration timeToLive) {
        begin(Command.PUT, List.of(key));
        store(key, bytes, timeToLive);
        end(Command.PUT);
    }

    @Override
    public void putAll(List<Put> puts) {
        begin(Command.PUT_ALL, puts.stream().map(Put::key).toList());
        puts.forEach(put -> store(put.key(), put.bytes(), put.timeToLive()));
        end(Command.PUT_ALL);
    }

    @Override
    public CompletionStage<?> dropAllIf(List<ConditionalDrop> drops) {
        List<String> keys = drops.stream().map(ConditionalDrop::key).toList();
        return async(Command.DROP_ALL_IF, keys, () -> drops.forEach(this::drop));
    }

    private void drop(ConditionalDrop drop) {
        byte[] before = peek(drop.key());
        if (beginsWith(drop.key(), drop.expectedPrefix())) {
            entries.remove(drop.key());
            tellIfWaitedFor(drop.key(), before);
        }
    }

    @Override
    public CompletionStage<?> remove(Collection<String> keys) {
        return async(Command.REMOVE, List.copyOf(keys), () -> entries.keySet().removeAll(Set.copyOf(keys)));
    }

    @Override
    public CompletionStage<List<Boolean>> replacePrefixes(List<PrefixChange> changes) {
        List<Boolean> changed = new ArrayList<>();
        List<String> keys = changes.stream().map(PrefixChange::key).toList();
        return async(
                        Command.REPLACE_PREFIXES,
                        keys,
                        () -> changes.forEach(change -> changed.add(replacePrefix(change))))
                .thenApply(done -> changed);
    }

    @Override
    public void onRelease(Consumer<String> listener) {
        released.add(listener);
    }

    private boolean replacePrefix(PrefixChange change) {
        Stored stored = entries.get(change.key());
        if (stored == null || !beginsWith(change.key(), change.expectedPrefix())) {
            return beginsWith(change.key(), change.prefix());
        }
        System.arraycopy(change.prefix(), 0, stored.bytes(), 0, change.prefix().length);
        return true;
    }

    private CompletionStage<?> async(Command command, List<String> keys, Runnable action) {
        try {
            begin(command, keys);
            synchronized (this) {
                action.run();
            }
            end(command);
            return CompletableFuture.completedStage(null);
        } catch (RedisUnavailableException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void begin(Command command, List<String> keys) {
        commands.add(command);
        Consumer<List<String>> hook = hooks.get(command);
        if (hook != null) {
            hook.accept(keys);
        }
        if (failing.contains(command)) {
            throw new RedisUnavailableException("The test made " + command + " fail.");
        }
    }

    private void end(Command command) {
        if (losingAnswers.contains(command)) {
            throw new RedisUnavailableException("The test lost the answer of " + command + ".");
        }
    }

    private synchronized byte @Nullable [] leaseUnlessStored(String key, byte[] lease, Duration leaseTime) {
        byte @Nullable [] stored = peek(key);
        if (stored == null) {
            store(key, lease, leaseTime);
        } else if (Token.isLease(stored) && Arrays.equals(Token.prefixOf(stored), lease)) {
            return null;
        } else if (stored.length == Token.PREFIX_BYTES && stored[0] == 'L') {
            markAsWaitedFor(key, stored);
        }
        return stored;
    }

    private void markAsWaitedFor(String key, byte[] lease) {
        byte[] marked = Arrays.copyOf(lease, lease.length + 1);
        marked[lease.length] = '+';
        entries.put(
                key, new Stored(marked, Objects.requireNonNull(entries.get(key)).expiresAt()));
    }

    private boolean replace(ConditionalPut put) {
        byte[] before = peek(put.key());
        if (!replaceIfMatching(put)) {
            return isStoredAlready(put);
        }
        tellIfWaitedFor(put.key(), before);
        return true;
    }

    /** Tells whether a value or lease of this very attempt is there. */
    private boolean isStoredAlready(ConditionalPut put) {
        boolean ofAnAttempt = Token.isLease(put.bytes()) || Token.isValue(put.bytes());
        return ofAnAttempt && beginsWith(put.key(), Token.prefixOf(put.bytes()));
    }

    private synchronized boolean replaceIfMatching(ConditionalPut put) {
        boolean matches = beginsWith(put.key(), put.expectedPrefix());
        if (matches) {
            store(put.key(), put.bytes(), put.timeToLive());
        }
        return matches;
    }

    private void tellIfWaitedFor(String key, byte @Nullable [] before) {
        if (before != null && before.length == Token.PREFIX_BYTES + 1 && Token.isLease(before)) {
            released.forEach(listener -> listener.accept(key));
        }
    }

    private synchronized void store(String key, byte[] bytes, Duration timeToLive) {
        entries.put(key, new Stored(bytes.clone(), ticker.read() + timeToLive.toNanos()));
    }

    /** Compares like the scripts do: an empty beginning is that of an empty string only. */
    private boolean beginsWith(String key, byte[] prefix) {
        byte[] stored = peek(key);
        if (stored == null) {
            return false;
        }
        return prefix.length == 0
                ? stored.length == 0
                : Arrays.equals(Arrays.copyOf(stored, Math.min(stored.length, prefix.length)), prefix);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(byte[] bytes, long expiresAt) {}
}
