package dev.millpond.benchmarks.measure;

/** Takes one sample of one peer. */
@FunctionalInterface
public interface Sampler {

    /** Returns what the peer shows. */
    Sample sample(String peer, Bench bench) throws Exception;

    /** Returns how many samples of each peer are taken at this pace, in turns; one for each process by default. */
    default int turns(Pace pace) {
        return pace.forks();
    }
}
