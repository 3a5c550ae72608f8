package dev.millpond.runtime.internal.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.InstantSource;

/**
 * What all jobs of a node share.
 *
 * @param clock the time of day
 * @param ticker elapsed time
 * @param own permissions of this process
 * @param fleet permissions of the fleet; the same where this process is the fleet
 */
record JobsNode(InstantSource clock, Ticker ticker, JobTimer timer, Workers workers, Leases own, Leases fleet) {}
