package dev.millpond.cache.oracle;

import dev.millpond.cache.spi.InvalidationLog.Follower;
import java.util.Collection;

/** Passes on what it is told. */
class ForwardingFollower implements Follower {

    private final Follower follower;

    ForwardingFollower(Follower follower) {
        this.follower = follower;
    }

    @Override
    public String epoch() {
        return follower.epoch();
    }

    @Override
    public long applied() {
        return follower.applied();
    }

    @Override
    public void apply(long sequence, Collection<String> names) {
        follower.apply(sequence, names);
    }

    @Override
    public void reset(String epoch, long floor) {
        follower.reset(epoch, floor);
    }

    @Override
    public void distrust() {
        follower.distrust();
    }

    @Override
    public void confirm(long nanoTime) {
        follower.confirm(nanoTime);
    }
}
