package dev.millpond.benchmarks.measure;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * How good a figure of one peer should be: as good as a number, or as a multiple of what others show in the same run.
 *
 * @param peer whose figure it is
 * @param metric which figure
 * @param bound the number, or the multiple
 * @param others whose best figure is multiplied; nobody's if the bound is a number
 */
public record Target(String peer, Metric metric, double bound, List<String> others) {

    /** Keeps a copy. */
    public Target {
        others = List.copyOf(others);
    }

    /** Returns a target that is a number in the unit of the metric. */
    public static Target number(String peer, Metric metric, double bound) {
        return new Target(peer, metric, bound, List.of());
    }

    /** Returns a target that is a multiple of the best figure of others. */
    public static Target multiple(String peer, Metric metric, double factor, String... others) {
        return new Target(peer, metric, factor, List.of(others));
    }

    /** Compares it with what was measured. */
    Verdict judge(Measured measured) {
        Spread own = measured.spread(peer, metric).orElseThrow(() -> missing(peer));
        double limit = limit(measured);
        return new Verdict(measured.scenario().title(), text(), shown(own, limit), outcome(measured, own, limit));
    }

    private String outcome(Measured measured, Spread own, double limit) {
        double strays = measured.strays(peer);
        if (strays > 0) {
            return String.format(Locale.ROOT, "not measured: %.1f %% were something else", 100 * strays);
        }
        return metric.meets(own.median(), limit) ? "met" : shortBy(own, limit);
    }

    private double limit(Measured measured) {
        DoubleBinaryOperator better = metric.moreIsBetter() ? Math::max : Math::min;
        return others.stream()
                .mapToDouble(other -> measured.spread(other, metric)
                        .orElseThrow(() -> missing(other))
                        .median())
                .reduce(better)
                .stream()
                .map(best -> bound * best)
                .findFirst()
                .orElse(bound);
    }

    private IllegalStateException missing(String whose) {
        return new IllegalStateException("No " + metric.label() + " of '" + whose
                + "' was measured, which a target needs. Measure it, or leave the target out.");
    }

    private String text() {
        String comparison = peer + ": " + metric.label() + (metric.moreIsBetter() ? " ≥ " : " ≤ ");
        if (others.isEmpty()) {
            return comparison + metric.text(bound);
        }
        String whose = others.size() == 1 ? others.get(0) : "the better of " + String.join(" and ", others);
        return comparison + String.format(Locale.ROOT, "%s × %s", Double.toString(bound), whose);
    }

    private String shown(Spread own, double limit) {
        String value = metric.text(own.median());
        return others.isEmpty() ? value : value + String.format(Locale.ROOT, " = %.2f ×", own.median() * bound / limit);
    }

    private String shortBy(Spread own, double limit) {
        if (limit == 0) {
            return "short by " + metric.text(own.median());
        }
        return String.format(Locale.ROOT, "short by %.0f %%", Math.ceil(100 * Math.abs(own.median() / limit - 1)));
    }
}
