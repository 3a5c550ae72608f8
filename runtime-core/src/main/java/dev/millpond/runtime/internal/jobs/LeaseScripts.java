package dev.millpond.runtime.internal.jobs;

/** What {@link RedisLeases} lets Redis do with the hash of a job. */
final class LeaseScripts {

    private static final String TIME = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local function text(number)
              return string.format('%.0f', number)
            end
            """;

    /**
     * Answers 1 and the token, 0 if it is too late, or 2, how long the lease of another one holds, and the other one.
     * Whoever asks again gets the same lease, since an answer may get lost.
     */
    static final String CLAIM = TIME + """
            local holder, lease, life, due, tolerance, after, highest = unpack(ARGV)
            local job = redis.call('HMGET', KEYS[1], 'due', 'holder', 'until', 'token')
            if job[2] == holder then
              redis.call('HSET', KEYS[1], 'until', text(now + lease))
              return {1, tonumber(job[4]), holder}
            end
            local last = tonumber(job[1])
            due = tonumber(due)
            if due and last and due <= last and due >= last - tolerance then
              return {0, 0, ''}
            end
            local left = job[2] and (tonumber(job[3]) or 0) - now or 0
            if left > 0 and left <= 60000 then
              return {2, left, job[2]}
            end
            if after ~= '' and job[2] ~= after then
              return {0, 0, ''}
            end
            local token = math.max((tonumber(job[4]) or 0) + 1, highest + 1, time[1] * 1000000 + time[2])
            redis.call('HSET', KEYS[1], 'holder', holder, 'until', text(now + lease), 'token', text(token))
            if due then
              redis.call('HSET', KEYS[1], 'due', text(due))
            end
            redis.call('PEXPIRE', KEYS[1], life)
            return {1, token, holder}
            """;

    /**
     * Answers 1, or 0 if somebody else has it, or had it. Where all is lost, or a replica took over that did not know
     * of it yet, it is stored again.
     */
    static final String RENEW = TIME + """
            local holder, lease, life, due, token = unpack(ARGV)
            local job = redis.call('HMGET', KEYS[1], 'holder', 'token')
            if not job[1] and (tonumber(job[2]) or 0) < tonumber(token) then
              redis.call('HSET', KEYS[1], 'holder', holder, 'token', token)
              if due ~= '' then
                redis.call('HSET', KEYS[1], 'due', due)
              end
            elseif job[1] ~= holder then
              return 0
            end
            redis.call('HSET', KEYS[1], 'until', text(now + lease))
            redis.call('PEXPIRE', KEYS[1], life)
            return 1
            """;

    /** Gives it back, unless somebody else has it. */
    static final String RELEASE = """
            if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then
              redis.call('HDEL', KEYS[1], 'holder', 'until')
            end
            return 1
            """;

    private LeaseScripts() {}
}
