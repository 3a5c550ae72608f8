package dev.millpond.cache;

import dev.millpond.testkit.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reader asks while another node loads, over one server. */
class WakeUpIT extends WakeUpContract {

    @RegisterExtension
    static final RedisExtension redis = RedisExtension.create();

    WakeUpIT() {
        super(Servers.of(redis));
    }
}
