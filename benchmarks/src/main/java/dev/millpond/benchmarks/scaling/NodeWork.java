package dev.millpond.benchmarks.scaling;

import dev.millpond.runtime.RedisConnection;
import java.util.List;

/** What nodes of a fleet can do. */
enum NodeWork {
    /** Reads of keys, some of which are invalidated. */
    READS {
        @Override
        NodeOperations open(RedisConnection connection, NodeSettings settings) {
            return NodeReads.open(connection, settings);
        }

        @Override
        List<String> places(List<String> keys) {
            return keys.stream().map(NodeReads::entry).toList();
        }
    },

    /** Decisions about requests of clients, whose API keys the keys are. */
    DECISIONS {
        @Override
        NodeOperations open(RedisConnection connection, NodeSettings settings) {
            return RedisDecisions.open(connection);
        }

        @Override
        List<String> places(List<String> keys) {
            return RedisDecisions.digests(keys);
        }
    };

    /** Opens what a node does. */
    abstract NodeOperations open(RedisConnection connection, NodeSettings settings);

    /** Returns what says of each key in which slot of a cluster it is kept. */
    abstract List<String> places(List<String> keys);
}
