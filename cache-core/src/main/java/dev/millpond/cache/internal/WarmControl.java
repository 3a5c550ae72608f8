package dev.millpond.cache.internal;

import dev.millpond.runtime.JobRun;

/** Whoever started a warm-up: may end it, and is told how far it is; thread-safe. */
interface WarmControl {

    /** Lets it run to its end. */
    WarmControl NONE = new WarmControl() {

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void progress(long done, long total) {}
    };

    static WarmControl of(JobRun job) {
        return new WarmControl() {

            @Override
            public boolean isCancelled() {
                return job.isCancelled();
            }

            @Override
            public void progress(long done, long total) {
                job.progress(done, total);
            }
        };
    }

    boolean isCancelled();

    /** Takes notice of how many keys were looked at, of how many; zero if nobody knows. */
    void progress(long done, long total);
}
