package dev.millpond.ratelimit.internal.nodes;

import dev.millpond.ratelimit.internal.nodes.CountedNodes.Count;
import java.util.concurrent.CompletionStage;

/** Where nodes say that they are alive; does not block. */
interface NodesInRedis {

    /** Says that a node is alive. */
    CompletionStage<Count> beat(String node);

    /** Says that a node is not. */
    CompletionStage<?> leave(String node);
}
