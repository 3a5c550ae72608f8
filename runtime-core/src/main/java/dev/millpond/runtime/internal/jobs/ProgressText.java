package dev.millpond.runtime.internal.jobs;

import dev.millpond.runtime.JobState.Progress;
import dev.millpond.runtime.JobState.Result;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says how far runs are, and how they ended; pure functions. */
final class ProgressText {

    private static final int BAR = 20;

    /** A longer one would be broken by most terminals, and could not be painted over. */
    private static final int LONGEST_LINE = 79;

    private ProgressText() {}

    /** Returns how far a run is, as the end of a sentence. */
    static String line(Progress progress, Duration elapsed) {
        String since = " after " + seconds(elapsed);
        if (progress.done() <= 0) {
            return "is running" + since + ".";
        }
        double perSecond = progress.done() / Math.max(0.001, elapsed.toMillis() / 1000.0);
        String rate = since + ", " + rate(perSecond) + " per second";
        if (progress.total() <= 0) {
            return "has done " + progress.done() + rate + ".";
        }
        long left = Math.round(Math.max(0, progress.total() - progress.done()) / perSecond);
        return "has done " + progress.done() + " of " + progress.total() + " (" + percent(progress) + " %)" + rate
                + ", " + seconds(Duration.ofSeconds(left)) + " left.";
    }

    static long percent(Progress progress) {
        return progress.total() <= 0
                ? 0
                : Math.min(100, Math.round(Math.floor(100.0 * progress.done() / progress.total())));
    }

    private static String rate(double perSecond) {
        return perSecond < 10 ? String.format(Locale.ROOT, "%.1f", perSecond) : Long.toString(Math.round(perSecond));
    }

    /** Returns how a run ended, as the end of a sentence. */
    static String end(Result result) {
        String counts = new TreeMap<>(result.counts())
                .entrySet().stream().map(Object::toString).collect(Collectors.joining(", "));
        return result.status().name().toLowerCase(Locale.ROOT) + " after " + seconds(result.took())
                + result.stoppedBy().map(what -> ", stopped by " + what).orElse("")
                + (counts.isEmpty() ? "" : ": " + counts)
                + result.failure().map(text -> ": " + text).orElse("")
                + ".";
    }

    /**
     * Returns a line that shows how far several runs are together.
     *
     * @param ended how many have ended
     * @param all how many there are
     * @param what they are, in the plural
     * @param running those on their way, by the names of their jobs
     */
    static String bar(int ended, int all, String what, Map<String, Progress> running) {
        double parts = running.values().stream()
                .mapToDouble(progress -> percent(progress) / 100.0)
                .sum();
        double share = Math.min(1, (ended + parts) / Math.max(1, all));
        int full = (int) (share * BAR);
        String jobs = running.entrySet().stream()
                .map(each -> "  " + each.getKey() + " " + each.getValue().done() + "/"
                        + (each.getValue().total() <= 0 ? "?" : each.getValue().total()))
                .collect(Collectors.joining());
        String text = String.format(
                Locale.ROOT,
                "[%s%s] %3d %%  %d of %d %s%s",
                "#".repeat(full),
                "-".repeat(BAR - full),
                (int) (share * 100),
                ended,
                all,
                what,
                jobs);
        return text.substring(0, Math.min(text.length(), LONGEST_LINE));
    }

    static String seconds(Duration time) {
        if (time.toMinutes() > 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toMillis() < 10_000
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
                : time.toSeconds() + " s";
    }
}
