package dev.millpond.examples.servlet;

import dev.millpond.examples.contract.RunningApplication;
import dev.millpond.examples.contract.StandingsContract;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

class StandingsServerTest extends StandingsContract {

    @Override
    protected RunningApplication start() throws Exception {
        return RunningServer.start(new Settings(0, Optional.empty(), "jdbc:h2:mem:" + UUID.randomUUID(), Map.of()));
    }
}
