package dev.millpond.examples.boot;

import dev.millpond.examples.standings.StandingsService;
import java.sql.SQLException;
import java.util.List;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Component;

/** The teams, cached by an annotation: no score changes them, so nothing needs to invalidate them. */
@Component
class Teams {

    private final StandingsService service;

    Teams(StandingsService service) {
        this.service = service;
    }

    @Cacheable(cacheNames = "teams", sync = true)
    List<String> names() throws SQLException {
        return service.teams();
    }
}
