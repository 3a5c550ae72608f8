-- Decides in one step, by the clock of Redis, on one bucket, or on several of which all or none are charged, and on places
-- for requests in flight, which are taken in the same way.
-- KEYS the buckets, then sorted sets of the requests in flight, by the milliseconds at which each loses its place
-- ARGV[1] four words in one, since each argument takes longer than what it says, with a blank after each of the first three:
--   take: each amount if it is all there, in order; drain: what is there; refund: up to the capacity; grant: beyond
--   shape: a bucket with other limits gets those of the full one; keep: a new one is stored even if nothing is taken; or empty
--   the version that the configuration must have reached, or empty
--   the number of buckets
-- then a full bucket for each, for one that is absent; if the only one is empty, an absent bucket stays absent
-- then for each set its places, and the milliseconds for which one is held
-- then the amounts, each followed by how many requests in a row want it, or by the name of the one if there are sets
-- Before all of it stand KEPT: milliseconds that a bucket is kept, or nil for ever; ONCE_FULL: 1 if once it is full, 0 if from now
-- on; KEPT_ABOVE: milliseconds that one above its capacity is kept.
-- Returns the time in microseconds, then the buckets as they were, then how many places were taken; or nothing if it cannot
-- be decided here.
-- If tokens were granted to a limit beyond its capacity, what is refunded to all of them must fit into the others.
local function give(bucket, amount)
  local above, room = operation == 'grant', amount
  for _, limit in ipairs(bucket) do
    above = above or limit.size > limit.capacity
    if operation == 'refund' and limit.size <= limit.capacity then room = math.min(room, limit.capacity - limit.size) end
  end
  for _, limit in ipairs(bucket) do
    limit.size = limit.size + (above and room or amount)
    assert(limit.size < EXACT)
    if not above and limit.size >= limit.capacity then limit.size, limit.part, limit.rest = limit.capacity, 0, 0 end
  end
end

-- Everything is computed before the first key is written, so that no error leaves half of a decision behind.
local function decide(stored, sets, now)
  local buckets, names = {}, {}
  for i = 1, count do buckets[i] = open(stored[i], ARGV[1 + i], now) end
  if operation == 'take' or operation == 'drain' then
    local amount
    amount, names = take(buckets, sets, 2 + count + 2 * #sets)
    for _, bucket in ipairs(buckets) do charge(bucket, amount) end
  else
    local amount = ARGV[#ARGV - 1]
    give(buckets[1], tonumber(amount))
    buckets[1].changed = buckets[1].changed or amount ~= '0' and (stored[1] or operation == 'grant')
  end
  for _, bucket in ipairs(buckets) do
    if bucket.changed then
      bucket.bytes = write(bucket)
      bucket.expiry = KEPT and {'PX', millisToLive(bucket, now)} or {}
    end
  end
  return buckets, names
end

-- Whoever was in flight for too long has lost the place, and what is no set of requests is dropped.
local function openSet(key, at, now)
  local dropped = redis.pcall('ZREMRANGEBYSCORE', key, '-inf', now)
  if type(dropped) == 'table' then redis.call('DEL', key) end
  return {key = key, most = tonumber(ARGV[at]), held = tonumber(ARGV[at + 1]), taken = redis.call('ZCARD', key)}
end

local function enter(set, names, now)
  for _, name in ipairs(names) do redis.call('ZADD', set.key, now + set.held, name) end
  if #names > 0 then redis.call('PEXPIRE', set.key, math.max(set.held, redis.call('PTTL', set.key))) end
end

count = tonumber(count)
local stored, sets, answer = {}, {}, {micros}
for i = 1, count do
  stored[i] = redis.call('GET', KEYS[i])
  answer[i + 1] = stored[i] or ''
end
if count == 1 and not stored[1] and ARGV[2] == '' then return answer end
for i = count + 1, #KEYS do
  local set = openSet(KEYS[i], 2 + count + 2 * (i - count - 1), now)
  sets[#sets + 1], answer[i + 1] = set, set.taken
end
local decided, buckets, names = pcall(decide, stored, sets, now)
if not decided then return {} end
for i, bucket in ipairs(buckets) do
  if bucket.changed then redis.call('SET', KEYS[i], bucket.bytes, unpack(bucket.expiry)) end
end
for _, set in ipairs(sets) do enter(set, names, now) end
return answer
