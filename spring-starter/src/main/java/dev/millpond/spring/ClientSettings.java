package dev.millpond.spring;

import dev.millpond.spring.internal.properties.InvalidPropertyException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client; immutable.
 *
 * @param key The API key that this client sends; a secret.
 * @param tier The name of its tier.
 */
public record ClientSettings(@Nullable String key, @Nullable String tier) {

    void check(String prefix, Tiers known) {
        if (key == null || key.isBlank()) {
            throw new InvalidPropertyException(
                    prefix + ".key", "is not set, but a client needs a key.", "Give the key that this client sends.");
        }
        if (tier == null) {
            throw new InvalidPropertyException(
                    prefix + ".tier",
                    "is not set, but a client needs a tier.",
                    "Give the name of a tier, such as pro.");
        }
        known.check(prefix + ".tier", tier);
    }

    static void checkKeysDiffer(String prefix, Map<String, ClientSettings> clients) {
        Map<@Nullable String, String> nameByKey = new HashMap<>();
        new TreeMap<>(clients).forEach((name, client) -> {
            String other = nameByKey.put(client.key(), name);
            if (other != null) {
                throw new InvalidPropertyException(
                        prefix + name + ".key",
                        "is the same as '" + prefix + other + ".key', must be different.",
                        "Give each client a key of its own.");
            }
        });
    }

    /** Returns a text without the key. */
    @Override
    public String toString() {
        return "ClientSettings[key=redacted, tier=" + tier + "]";
    }
}
