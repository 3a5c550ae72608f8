package dev.millpond.ratelimit;

/**
 * A client that a limit denied lately; see {@link RateLimiter#mostDenied()}.
 *
 * @param digest stands for the client, as in {@link RateLimiter#digestOf}: for its address, if nobody has its key. Of a
 *     request that is counted under names alone, it stands for the first name
 * @param tier the name of the tier that denied
 * @param denials how often it did, at least
 */
public record DeniedClient(String digest, String tier, long denials) {}
