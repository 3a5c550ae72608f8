package dev.millpond.runtime.internal.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.JobState.Order;
import dev.millpond.runtime.internal.jobs.JobBook.OffsetOrder;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.StateHeader;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What operators ordered for jobs as it is stored: a line with the number of the format and the version, then one line
 * per order: job, what, value, time, and who ordered it.
 *
 * <p>A line that says something new is kept as it is, and does nothing here, so that nodes of different versions can
 * share jobs. A format with another number is not read at all.
 */
final class JobText implements SharedState.Format<JobBook> {

    private static final StateHeader HEADER = new StateHeader("millpond-jobs", 1);
    private static final int WORDS = 5;
    private static final String PAUSE = "pause";
    private static final String ON = "on";
    private static final String OFFSET = "offset";

    @Override
    public String subject() {
        return "orders for jobs";
    }

    @Override
    public JobBook none() {
        return JobBook.EMPTY;
    }

    @Override
    public long version(JobBook state) {
        return state.version();
    }

    @Override
    public int unknownLines(JobBook state) {
        return state.unknown().size();
    }

    @Override
    public String write(JobBook state) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(state.offsets())
                .forEach((job, set) -> lines.add(line(job, OFFSET, Long.toString(set.millis()), set.order())));
        new TreeMap<>(state.paused()).forEach((job, order) -> lines.add(line(job, PAUSE, ON, order)));
        return HEADER.write(state.version(), state.unknown(), lines);
    }

    private static String line(String job, String what, String value, Order order) {
        return String.join(" ", job, what, value, order.at().toString(), URLEncoder.encode(order.by(), UTF_8));
    }

    @Override
    public JobBook read(String text) throws UnreadableStateException {
        List<String> lines = text.lines().toList();
        long version = HEADER.read(lines);
        Map<String, Order> paused = new HashMap<>();
        Map<String, OffsetOrder> offsets = new HashMap<>();
        List<String> unknown = HEADER.unknown(lines, line -> readOrder(line, paused, offsets));
        return new JobBook(version, paused, offsets, unknown);
    }

    private static boolean readOrder(String line, Map<String, Order> paused, Map<String, OffsetOrder> offsets) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            return false;
        }
        String job = JobChecks.name(words[0]);
        Order order = new Order(URLDecoder.decode(words[4], UTF_8), Instant.parse(words[3]));
        if (words[1].equals(PAUSE) && words[2].equals(ON)) {
            paused.put(job, order);
            return true;
        }
        return words[1].equals(OFFSET) && readOffset(job, Long.parseLong(words[2]), order, offsets);
    }

    private static boolean readOffset(String job, long millis, Order order, Map<String, OffsetOrder> offsets) {
        if (millis < 0) {
            return false;
        }
        offsets.put(job, new OffsetOrder(millis, order));
        return true;
    }
}
