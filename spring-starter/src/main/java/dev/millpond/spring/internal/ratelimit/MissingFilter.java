package dev.millpond.spring.internal.ratelimit;

/** Marks a servlet application without a filter, since nothing at its start showed that it wants rate limits. */
public record MissingFilter() {}
