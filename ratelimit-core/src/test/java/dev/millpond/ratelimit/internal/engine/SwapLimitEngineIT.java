package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RedisEngine;

class SwapLimitEngineIT extends RedisLimitEngineContract {

    @Override
    RedisEngine kind() {
        return RedisEngine.CAS;
    }
}
