package dev.millpond.ratelimit.internal;

import dev.millpond.ratelimit.Tier;

/**
 * The bucket that counts a client.
 *
 * @param tier gives the bucket its shape
 * @param name holds a digest in place of the client's key or address
 */
record ClientBucket(Tier tier, String name) {}
