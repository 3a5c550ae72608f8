package dev.millpond.benchmarks.measure;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/**
 * How good a figure of one peer should be: as good as a number, or compared with what others show in the same run.
 *
 * @param peer whose figure it is
 * @param metric which figure
 * @param bound the number, the multiple or the difference
 * @param relation which of these the bound is
 * @param others with whose best figure it is compared; nobody's if the bound is a number
 */
public record Target(String peer, Metric metric, double bound, Relation relation, List<String> others) {

    private static final String UNMEASURED = "not measured: ";

    /** Keeps a copy. */
    public Target {
        others = List.copyOf(others);
    }

    /** Returns a target that is a number in the unit of the metric. */
    public static Target number(String peer, Metric metric, double bound) {
        return new Target(peer, metric, bound, Relation.NUMBER, List.of());
    }

    /** Returns a target that is a multiple of the best figure of others. */
    public static Target multiple(String peer, Metric metric, double factor, String... others) {
        return new Target(peer, metric, factor, Relation.MULTIPLE, List.of(others));
    }

    /** Returns a target that is the figure of another and at most so much on top, in the unit of the metric. */
    public static Target added(String peer, Metric metric, double most, String other) {
        return new Target(peer, metric, most, Relation.ADDED, List.of(other));
    }

    /** Compares it with what was measured. */
    Verdict judge(Measured measured) {
        double own = median(measured, peer);
        double best = best(measured);
        return new Verdict(measured.scenario().title(), text(), shown(own, best), outcome(measured, own, best));
    }

    /** Says why it cannot be compared. */
    Verdict unmeasured(Scenario scenario, String reason) {
        return new Verdict(scenario.title(), text(), "–", UNMEASURED + reason);
    }

    private String outcome(Measured measured, double own, double best) {
        double strays = Stream.concat(Stream.of(peer), others.stream())
                .mapToDouble(measured::strays)
                .max()
                .orElseThrow();
        if (strays > 0) {
            return UNMEASURED + String.format(Locale.ROOT, "%.1f %% were something else", 100 * strays);
        }
        double limit = relation.limit(bound, best);
        return Verdict.outcome(metric.meets(own, limit), missing(own, limit));
    }

    /** Returns the best figure of the others; 0 if there are none. */
    private double best(Measured measured) {
        DoubleBinaryOperator better = metric.moreIsBetter() ? Math::max : Math::min;
        return others.stream()
                .mapToDouble(other -> median(measured, other))
                .reduce(better)
                .orElse(0);
    }

    private double median(Measured measured, String whose) {
        return measured.spread(whose, metric)
                .orElseThrow(() -> new IllegalStateException("No " + metric.label() + " of '" + whose
                        + "' was measured, which a target needs. Measure it, or leave the target out."))
                .median();
    }

    private String text() {
        String whose = others.size() == 1 ? others.get(0) : "the better of " + String.join(" and ", others);
        return peer + ": " + metric.label() + (metric.moreIsBetter() ? " ≥ " : " ≤ ")
                + switch (relation) {
                    case NUMBER -> metric.text(bound);
                    case MULTIPLE -> String.format(Locale.ROOT, "%s × %s", Double.toString(bound), whose);
                    case ADDED -> whose + " + " + metric.text(bound);
                };
    }

    private String shown(double own, double best) {
        return metric.text(own)
                + switch (relation) {
                    case NUMBER -> "";
                    case MULTIPLE -> String.format(Locale.ROOT, " = %.2f ×", own / best);
                    case ADDED -> (own < best ? " = − " : " = + ") + metric.text(Math.abs(own - best));
                };
    }

    private String missing(double own, double limit) {
        boolean absolute = limit == 0 || relation == Relation.ADDED;
        return absolute ? metric.text(Math.abs(own - limit)) : Verdict.percent(own, limit);
    }

    /** What the bound of a target is. */
    public enum Relation {
        /** What the figure may be. */
        NUMBER,
        /** A factor to the best figure of others. */
        MULTIPLE,
        /** A difference to the figure of another. */
        ADDED;

        double limit(double bound, double best) {
            return switch (this) {
                case NUMBER -> bound;
                case MULTIPLE -> bound * best;
                case ADDED -> best + bound;
            };
        }
    }
}
