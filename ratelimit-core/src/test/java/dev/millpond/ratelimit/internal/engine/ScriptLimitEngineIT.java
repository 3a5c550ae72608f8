package dev.millpond.ratelimit.internal.engine;

import dev.millpond.ratelimit.RedisEngine;

class ScriptLimitEngineIT extends RedisLimitEngineContract {

    @Override
    RedisEngine kind() {
        return RedisEngine.SCRIPT;
    }
}
