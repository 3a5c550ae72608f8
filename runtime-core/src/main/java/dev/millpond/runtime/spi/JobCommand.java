package dev.millpond.runtime.spi;

import dev.millpond.runtime.JobException;
import dev.millpond.runtime.JobState;
import dev.millpond.runtime.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends to a job, as texts that may be missing or wrong; immutable.
 *
 * @param name of the job
 * @param action "run", "cancel", "pause", "resume" or "offset"
 * @param offset for that action, in ISO 8601, such as {@code PT15S}, or {@code default} to take back what was set
 * @param by who sends it
 */
public record JobCommand(
        @Nullable String name,
        @Nullable String action,
        @Nullable String offset,
        @Nullable String by) {

    private static final String DEFAULT = "default";

    /**
     * Does it, and returns how the job is on this node then.
     *
     * @throws IllegalArgumentException if something is missing or wrong; the message says what to send
     * @throws JobException as for the method of {@link Jobs} that it stands for
     */
    public JobState apply(Jobs jobs) {
        String job = needed("name", name, "the name of a job");
        String asked = needed("action", action, "run, cancel, pause, resume or offset");
        String who = needed("by", by, "your name");
        switch (asked.strip().toLowerCase(Locale.ROOT)) {
            case "run" -> jobs.runNow(job, who);
            case "cancel" -> jobs.cancel(job, who);
            case "pause" -> jobs.pause(job, who);
            case "resume" -> jobs.resume(job, who);
            case "offset" -> changeOffset(jobs, job, who);
            default ->
                throw new IllegalArgumentException(
                        "Action '" + asked + "' does not exist. Send run, cancel, pause, resume or" + " offset.");
        }
        return jobs.state(job);
    }

    /** Tells whether something was refused because of how the job is, and not because Redis did not answer. */
    public static boolean isConflict(JobException refusal) {
        return refusal.getCause() == null;
    }

    private void changeOffset(Jobs jobs, String job, String who) {
        String asked = needed("offset", offset, "an offset such as PT15S, or default to take it back");
        if (asked.strip().toLowerCase(Locale.ROOT).equals(DEFAULT)) {
            jobs.resetOffset(job, who);
        } else {
            jobs.offset(job, duration(asked.strip()), who);
        }
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "Property 'offset' is '" + text
                            + "', must be a duration such as PT15S, or default to take it back.",
                    e);
        }
    }

    private static String needed(String property, @Nullable String value, String meaning) {
        return SwitchCommand.needed(property, value, meaning);
    }

    /** Returns a state with texts, numbers, truth values and maps alone, as answers show it at a time. */
    public static Map<String, Object> describe(JobState state, Instant now) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", state.name());
        members.put("schedule", state.schedule());
        state.nextRun().ifPresent(at -> members.put("nextRun", at.toString()));
        state.offset().ifPresent(each -> members.put("offset", each.toString()));
        state.offsetSet().ifPresent(order -> members.put("offsetSet", describe(order)));
        state.paused().ifPresent(order -> members.put("paused", describe(order)));
        state.running().ifPresent(progress -> members.put("running", describe(progress, now)));
        state.last().ifPresent(result -> members.put("last", describe(result)));
        members.put("runs", state.runs());
        members.put("failures", state.failures());
        members.put("overruns", state.overruns());
        Map<String, Object> skips = new TreeMap<>();
        state.skips().forEach((reason, count) -> skips.put(word(reason), count));
        members.put("skips", skips);
        return members;
    }

    private static Map<String, Object> describe(JobState.Order order) {
        return Map.of("by", order.by(), "at", order.at().toString());
    }

    private static Map<String, Object> describe(JobState.Progress progress, Instant now) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("cause", word(progress.cause()));
        members.put("startedAt", progress.startedAt().toString());
        members.put("done", progress.done());
        if (progress.total() > 0) {
            members.put("total", progress.total());
        }
        double perSecond = progress.perSecond(now);
        members.put("perSecond", Math.round(perSecond));
        if (progress.total() > 0 && progress.done() > 0) {
            long left = Math.round(Math.max(0, progress.total() - progress.done()) / perSecond);
            members.put("left", Duration.ofSeconds(left).toString());
        }
        return members;
    }

    private static Map<String, Object> describe(JobState.Result result) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", word(result.status()));
        members.put("cause", word(result.cause()));
        members.put("startedAt", result.startedAt().toString());
        members.put("took", result.took().toString());
        members.putAll(Map.of("counts", result.counts()));
        result.stoppedBy().ifPresent(what -> members.put("stoppedBy", what));
        result.failure().ifPresent(failure -> members.put("failure", failure));
        return members;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
