package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Skip;
import dev.millpond.runtime.spi.RecurringTrouble;
import dev.millpond.runtime.spi.RedisGuard;
import dev.millpond.runtime.spi.RedisUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives out permissions of a fleet; one hash in Redis per job. */
final class RedisLeases implements Leases {

    /*
     * How does one node of a fleet run each job?
     *
     * The hash of a job has four fields: the time that was run last (due), who runs it (holder), until when unless it is
     * renewed, by the clock of Redis (until), and the number of the last run (token). All nodes ask when a job is due, in one
     * call each. The first one with a time that is newer than the last one gets the lease; the others are too late, also those
     * whose clocks are behind by seconds, since the time stays when the lease is given back.
     *
     * An answer may get lost on its way, and Redis may be away for a moment. So a node asks for a due time again, each time
     * as the same holder: if the lease was given to it before, it gets the same one. What was given and never asked for
     * again ends by itself, and another node takes over.
     *
     * Who finds a lease that holds asks once more when it should have ended: if it has, without being given back, its holder is
     * dead, and that time is run by the first to ask. So a job is taken over within the time of a lease, which is not longer
     * than the period of the job, but at least half a second.
     *
     * A time that is much earlier than the last one counts as new: otherwise one node whose clock is ahead by hours would stop
     * the job for hours. The price is that the job runs more than once per period while such a clock is not set right.
     *
     * The number is the highest of the last one plus one, of the last one of this process plus one, since runs at the start
     * do not ask Redis, and of the clock of Redis in microseconds. So it goes on rising when Redis
     * forgot the hash, because the job has not run for long, or all of its data was lost. It would fall only if the clock of
     * Redis were set back while the hash is gone.
     */

    private static final Duration BUDGET = Duration.ofMillis(500);

    /** Nobody waits for it. */
    private static final Duration LONG_BUDGET = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(RedisLeases.class);

    private final RedisGuard guard;
    private final String namespace;
    private final Tokens tokens;
    private final String node = UUID.randomUUID().toString();
    private final AtomicLong runs = new AtomicLong();
    private final Map<String, RecurringTrouble> troubles = new ConcurrentHashMap<>();

    RedisLeases(RedisGuard guard, String namespace, Tokens tokens) {
        this.guard = guard;
        this.namespace = namespace;
        this.tokens = tokens;
    }

    /** One answer may get lost, so it asks twice, as the same holder. */
    @Override
    public Claim claim(Due due) {
        String holder = holder(due);
        try {
            return ask(due, holder);
        } catch (RedisUnavailableException first) {
            try {
                return ask(due, holder);
            } catch (RedisUnavailableException second) {
                return away(due, holder, second);
            }
        }
    }

    /** Of a time that is due, it is the same one whenever this node asks. */
    private String holder(Due due) {
        return node + (due.time() == Due.NONE ? ":run-" + runs.incrementAndGet() : ":" + due.time());
    }

    private Claim ask(Due due, String holder) {
        List<Object> answer = guard.call(BUDGET, client -> askFor(client, due, holder));
        trouble(due.job()).over();
        return claim(due, answer);
    }

    private Claim away(Due due, String holder, RedisUnavailableException failure) {
        trouble(due.job())
                .toTell(failure)
                .ifPresent(text -> log.warn(
                        "Job '{}' cannot run: its lease under '{}' cannot be asked for. {}",
                        due.job(),
                        key(due.job()),
                        text));
        if (due.time() == Due.NONE) {
            letGo(due.job(), holder); // it may have been granted all the same, and nobody asks for it again
        }
        return new Claim.Refused(Skip.REDIS_AWAY);
    }

    private RecurringTrouble trouble(String job) {
        return troubles.computeIfAbsent(job, each -> new RecurringTrouble());
    }

    private CompletionStage<List<Object>> askFor(RedissonClient client, Due due, String holder) {
        return script(client)
                .evalAsync(
                        RScript.Mode.READ_WRITE,
                        LeaseScripts.CLAIM,
                        RScript.ReturnType.LIST,
                        List.of(key(due.job())),
                        holder,
                        due.leaseTime().toMillis(),
                        due.life().toMillis(),
                        time(due.time()),
                        due.tolerance(),
                        due.after(),
                        tokens.highest());
    }

    private Claim claim(Due due, List<Object> answer) {
        long number = (Long) answer.get(1);
        String holder = (String) answer.get(2);
        return switch (Math.toIntExact((Long) answer.get(0))) {
            case 1 -> {
                tokens.seen(number);
                yield new Claim.Granted(new Lease(due.job(), holder, number, due.time(), due.leaseTime(), due.life()));
            }
            case 2 -> new Claim.Held(holder, Duration.ofMillis(number));
            default -> new Claim.Refused(Skip.RUN_ALREADY);
        };
    }

    @Override
    public CompletionStage<Boolean> renew(Lease lease) {
        return guard.<Long>callAsync(
                        BUDGET,
                        client -> script(client)
                                .evalAsync(
                                        RScript.Mode.READ_WRITE,
                                        LeaseScripts.RENEW,
                                        RScript.ReturnType.LONG,
                                        List.of(key(lease.job())),
                                        lease.holder(),
                                        lease.time().toMillis(),
                                        lease.life().toMillis(),
                                        time(lease.due()),
                                        lease.token()))
                .thenApply(answer -> answer == 1);
    }

    @Override
    public void release(Lease lease) {
        try {
            guard.call(BUDGET, client -> release(client, lease.job(), lease.holder()));
        } catch (RedisUnavailableException e) {
            log.debug("The lease of job '{}' ends by itself. {}", lease.job(), e.getMessage());
        }
    }

    @Override
    public void letGo(Lease lease) {
        letGo(lease.job(), lease.holder());
    }

    private void letGo(String job, String holder) {
        guard.callAsync(LONG_BUDGET, client -> release(client, job, holder));
    }

    private CompletionStage<Long> release(RedissonClient client, String job, String holder) {
        return script(client)
                .evalAsync(
                        RScript.Mode.READ_WRITE,
                        LeaseScripts.RELEASE,
                        RScript.ReturnType.LONG,
                        List.of(key(job)),
                        holder);
    }

    private static RScript script(RedissonClient client) {
        return client.getScript(
                OptionalOptions.defaults().codec(StringCodec.INSTANCE).retryAttempts(0));
    }

    private static String time(long due) {
        return due == Due.NONE ? "" : Long.toString(due);
    }

    /** The braces let a cluster keep whatever else is stored of a job in the same place. */
    private String key(String job) {
        return namespace + ":jobs:{" + job + "}";
    }
}
