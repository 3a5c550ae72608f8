package dev.millpond.examples.boot;

import dev.millpond.examples.standings.Answer;
import dev.millpond.examples.standings.HeadToHead;
import dev.millpond.examples.standings.Match;
import dev.millpond.examples.standings.Standings;
import dev.millpond.examples.standings.StandingsService;
import dev.millpond.examples.standings.web.MatchId;
import dev.millpond.examples.standings.web.ScoreCorrection;
import java.sql.SQLException;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The API over the standings service. */
@RestController
class StandingsController {

    private final StandingsService service;
    private final Teams teams;

    StandingsController(StandingsService service, Teams teams) {
        this.service = service;
        this.teams = teams;
    }

    @GetMapping("/teams")
    List<String> teams() throws SQLException {
        return teams.names();
    }

    @GetMapping("/standings/{group}")
    Answer<Standings> standings(@PathVariable String group) {
        return service.standings(group);
    }

    @GetMapping("/teams/{team}/h2h/{other}")
    Answer<HeadToHead> headToHead(@PathVariable String team, @PathVariable String other) {
        return service.headToHead(team, other);
    }

    @GetMapping("/matches/{id}")
    Answer<Match> match(@PathVariable String id) {
        return service.match(MatchId.parse(id));
    }

    @PutMapping("/matches/{id}")
    Answer<Match> correct(@PathVariable String id, @RequestBody ScoreCorrection correction) throws SQLException {
        return service.correct(MatchId.parse(id), correction.toScore());
    }
}
