package dev.millpond.cache.internal.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RKeys;
import org.redisson.api.RMap;
import org.redisson.api.RScript;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.MessageListener;
import org.redisson.misc.CompletableFutureWrapper;

/**
 * A Redis that knows what the invalidation log needs and nothing else; thread-safe.
 *
 * <p>It does what the two scripts do. What it publishes waits in {@link #published} until the test delivers it.
 */
final class LogRedis implements RedisGuard {

    static final LogKeys KEYS = LogKeys.of("test");

    private final RedissonClient client =
            proxy(RedissonClient.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "getScript" -> proxy(RScript.class, (script, eval, values) -> eval(values));
                case "getTopic" -> proxy(RTopic.class, this::topic);
                case "getMap" -> proxy(RMap.class, (map, getAll, values) -> ends());
                case "getKeys" -> proxy(RKeys.class, (keys, unlink, values) -> unlinked());
                default -> throw new AssertionError("The log does not need " + method);
            });

    private @Nullable String epoch;
    private long sequence;
    private long floor;
    private final NavigableMap<Long, String> log = new TreeMap<>();
    final List<Runnable> onAvailable = new CopyOnWriteArrayList<>();

    final List<String> published = new CopyOnWriteArrayList<>();
    final Map<Integer, MessageListener<String>> listeners = new ConcurrentHashMap<>();
    final AtomicInteger polls = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger subscriptions = new AtomicInteger();

    /** Answered by what the test says, in place of a subscription that succeeds at once. */
    volatile @Nullable CompletableFuture<Void> subscribing;

    volatile Runnable beforePoll = () -> {};
    volatile Runnable afterPoll = () -> {};
    volatile Runnable beforeUnlink = () -> {};
    private volatile boolean available = true;
    private volatile boolean answering = true;

    LogClient client() {
        return new LogClient(this, KEYS, Duration.ofMillis(300), Ticker.disabledTicker());
    }

    void available(boolean isAvailable) {
        available = isAvailable;
        if (isAvailable) {
            onAvailable.forEach(Runnable::run);
        }
    }

    /** Carries calls out and answers none in time. */
    void answering(boolean isAnswering) {
        answering = isAnswering;
    }

    /** Loses everything, as a restart without persistence does. */
    synchronized void loseAll() {
        epoch = null;
        log.clear();
    }

    /** Loses the stream only. */
    synchronized void loseStream() {
        log.clear();
    }

    /** Loses the latest records, as a restart from an old dump does. */
    synchronized void rewind(int records) {
        for (int i = 0; i < records; i++) {
            log.remove(sequence--);
        }
    }

    /** Appends as another node does that is up to date. */
    LogRecord appendElsewhere(String... names) {
        return UninterruptedCalls.await(client().append(List.of(names), "another", 0));
    }

    /** Appends as another node does that Redis is not away for, and returns what it tells. */
    String appendElsewhereWhileAway(String name) {
        invalidate(new String[] {"new", "20000", "40000", KEYS.channel(), "PUBLISH", name, "1", "another", "0"});
        return published.get(published.size() - 1);
    }

    /** Forgets the oldest records, as the script does when there are too many. */
    synchronized void trim(int records) {
        for (int i = 0; i < records && !log.isEmpty(); i++) {
            floor = log.pollFirstEntry().getKey();
        }
    }

    void deliver(String message) {
        listeners.values().forEach(listener -> listener.onMessage(KEYS.channel(), message));
    }

    @Override
    public boolean available() {
        return available;
    }

    @Override
    public <T extends @Nullable Object> T call(Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        if (Thread.currentThread().isInterrupted()) {
            throw new RedisUnavailableException("Interrupted while waiting for the answer of Redis.");
        }
        try {
            return callAsync(budget, command).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RedisUnavailableException unavailable ? unavailable : e;
        }
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> callAsync(
            Duration budget, Function<RedissonClient, CompletionStage<T>> command) {
        if (!available) {
            return CompletableFuture.failedFuture(new RedisUnavailableException("The test made Redis unavailable."));
        }
        calls.incrementAndGet();
        CompletionStage<T> answer = command.apply(client);
        return answering
                ? answer
                : CompletableFuture.failedFuture(new RedisUnavailableException("Redis gave no answer within 300 ms."));
    }

    @Override
    public Registration onAvailable(Runnable action) {
        onAvailable.add(action);
        if (available) {
            action.run();
        }
        return () -> onAvailable.remove(action);
    }

    private CompletableFutureWrapper<Object> eval(Object[] values) {
        String script = (String) values[1];
        Object[] arguments = (Object[]) values[4];
        if (script.equals(Scripts.INVALIDATE)) {
            return new CompletableFutureWrapper<>(
                    invalidate(Arrays.copyOf(arguments, arguments.length, String[].class)));
        }
        polls.incrementAndGet();
        beforePoll.run();
        List<String> page = poll(Arrays.copyOf(arguments, arguments.length, String[].class));
        afterPoll.run();
        return new CompletableFutureWrapper<>(page);
    }

    private synchronized Object invalidate(String[] arguments) {
        String names = arguments[5];
        begin(arguments[0], epoch == null || rewound(arguments[7], arguments[8]));
        if (log.isEmpty()) {
            floor = sequence;
        }
        sequence++;
        log.put(sequence, names);
        published.add(epoch + "|" + sequence + "|" + names);
        return epoch + "|" + sequence;
    }

    private synchronized List<String> poll(String[] arguments) {
        begin(arguments[2], epoch == null || rewound(arguments[0], arguments[1]));
        long applied = Long.parseLong(arguments[1]);
        List<String> page = new ArrayList<>(List.of("" + epoch, "" + sequence, "" + floor));
        int bytes = 0;
        for (var missing :
                log.tailMap(arguments[0].equals(epoch) ? applied : 0, false).entrySet()) {
            bytes += missing.getValue().length();
            boolean full = page.size() >= 3 + 2 * Long.parseLong(arguments[3]) || bytes > Long.parseLong(arguments[4]);
            if (full && page.size() > 3) {
                break;
            }
            page.add("" + missing.getKey());
            page.add(missing.getValue());
        }
        return page;
    }

    private boolean rewound(String nodesEpoch, String applied) {
        return nodesEpoch.equals(epoch) && sequence < Long.parseLong(applied);
    }

    private void begin(String candidateEpoch, boolean isNew) {
        if (isNew) {
            epoch = candidateEpoch;
            sequence = 0;
            floor = 0;
            log.clear();
        }
    }

    private synchronized CompletableFutureWrapper<Object> ends() {
        return new CompletableFutureWrapper<>(epoch == null ? Map.of() : Map.of("@e", epoch, "@s", "" + sequence));
    }

    private CompletableFutureWrapper<Object> unlinked() {
        beforeUnlink.run();
        loseAll();
        return new CompletableFutureWrapper<>(2L);
    }

    @SuppressWarnings({"unchecked", "FutureReturnValueIgnored"}) // The log listens for texts; a proxy is untyped.
    private Object topic(Object proxy, Method method, Object[] arguments) {
        if (method.getName().equals("addListenerAsync")) {
            return new CompletableFutureWrapper<>(subscribed((MessageListener<String>) arguments[1]));
        }
        listeners.keySet().removeAll(List.of((Integer[]) arguments[0]));
        return CompletableFutureWrapper.<Void>completedNull();
    }

    private CompletableFuture<Integer> subscribed(MessageListener<String> listener) {
        int id = subscriptions.incrementAndGet();
        CompletableFuture<Void> answer = subscribing;
        return (answer != null ? answer : CompletableFuture.<Void>completedFuture(null)).thenApply(done -> {
            listeners.put(id, listener);
            return id;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
