package dev.millpond.examples.boot;

import dev.millpond.examples.contract.RunningApplication;
import dev.millpond.examples.contract.StandingsContract;
import java.util.UUID;

class StandingsApplicationTest extends StandingsContract {

    @Override
    protected RunningApplication start() {
        return RunningBoot.start("jdbc:h2:mem:" + UUID.randomUUID());
    }
}
