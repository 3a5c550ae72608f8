package dev.millpond.runtime.internal.jobs;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;

/** Is due as a cron expression says; the only class that uses cron-utils. */
final class CronSchedule implements Schedule {

    private final ExecutionTime times;
    private final ZoneId zone;

    private CronSchedule(ExecutionTime times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none
     */
    static CronSchedule parse(String expression, ZoneId zone) {
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.SPRING53));
        return new CronSchedule(ExecutionTime.forCron(parser.parse(expression)), zone);
    }

    @Override
    public long next(long after) {
        return times.nextExecution(Instant.ofEpochMilli(after).atZone(zone))
                .map(next -> next.toInstant().toEpochMilli())
                .orElse(NEVER);
    }
}
