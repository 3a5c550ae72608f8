package dev.millpond.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Points of a scale, each measured in its own way; peers of their scenario are the names of points. Not thread-safe.
 */
public final class Points implements Sampler {

    private final Map<String, Sampler> points = new LinkedHashMap<>();

    /** Adds a point after those that are there. */
    public Points add(String name, Sampler sampler) {
        points.put(name, sampler);
        return this;
    }

    /** Returns the names of all points, in order. */
    public List<String> names() {
        return List.copyOf(points.keySet());
    }

    /** Returns the first and the last point alone. */
    public Points ends() {
        Points ends = new Points();
        for (String name : List.of(names().get(0), names().get(points.size() - 1))) {
            ends.add(name, Names.find(points, name));
        }
        return ends;
    }

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        return Names.find(points, peer).sample(peer, bench);
    }
}
