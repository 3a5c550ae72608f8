package dev.millpond.benchmarks.http;

import dev.millpond.benchmarks.ChildJvm;
import dev.millpond.benchmarks.measure.Bench;
import dev.millpond.benchmarks.measure.Names;
import dev.millpond.benchmarks.measure.Sample;
import dev.millpond.benchmarks.measure.Sampler;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Loads a servlet that does next to nothing, with and without a filter in front of it. */
final class FilterSampler implements Sampler {

    static final String LIMITED = "behind the rate-limit filter";
    static final String ALONE = "servlet alone";
    static final String WITH_FIELDS = "servlet that sets two such fields";

    static final ApiRequest REQUEST = new ApiRequest("/", "key-of-the-benchmarks");

    private static final Map<String, String> PEERS =
            Map.of(LIMITED, ServletServer.LIMITED, ALONE, ServletServer.ALONE, WITH_FIELDS, ServletServer.WITH_FIELDS);

    @Override
    public Sample sample(String peer, Bench bench) throws Exception {
        try (ServerProcess server = server(peer);
                ClosedLoop loop = ClosedLoop.open(server.port(), REQUEST, LoadedServer.CONNECTIONS, 200)) {
            return LoadedServer.sample(loop, bench.pace(), server::used);
        }
    }

    static ServerProcess server(String peer) throws IOException {
        return ServerProcess.start(
                ChildJvm.ownClassPath(),
                List.of(
                        "-Xms512m",
                        "-Xmx512m",
                        ChildJvm.LOG_TO_ERRORS,
                        ServletServer.class.getName(),
                        Names.find(PEERS, peer)));
    }
}
