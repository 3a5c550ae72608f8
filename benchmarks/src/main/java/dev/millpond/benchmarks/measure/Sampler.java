package dev.millpond.benchmarks.measure;

/** Takes one sample of one peer. */
@FunctionalInterface
public interface Sampler {

    /** Returns what the peer shows. */
    Sample sample(String peer, Bench bench) throws Exception;
}
