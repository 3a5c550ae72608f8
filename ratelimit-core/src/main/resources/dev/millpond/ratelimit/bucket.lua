-- Decides in one step, by the clock of Redis, on one bucket, or on several of which all or none are charged, and on places
-- for requests in flight, which are taken in the same way.
-- KEYS the buckets, then sorted sets of the requests in flight, by the milliseconds at which each loses its place
-- ARGV[1] take: each amount if it is all there, in order; drain: what is there; refund: up to the capacity; grant: beyond
-- ARGV[2] shape: a bucket with other limits gets those of the full one; keep: a new one is stored even if nothing is taken
-- ARGV[3] the version that the configuration must have reached, or empty
-- ARGV[4] milliseconds that a bucket is kept, or empty for ever; ARGV[5] 1: once it is full, 0: from now on
-- ARGV[6] milliseconds that one above its capacity is kept; ARGV[7] the number of buckets
-- then a full bucket for each, for one that is absent; if the only one is empty, an absent bucket stays absent
-- then for each set its places, and the milliseconds for which one is held
-- then the amounts, each followed by the name of its request if there are sets
-- Returns the time in microseconds, then the buckets as they were, then how many places were taken; or nothing if it cannot
-- be decided here.
local function refill(limit, now)
  local till = limit.interval and now - (now - limit.last) % limit.period or now
  local passed = till - limit.last
  if passed <= 0 then return end
  limit.last = till
  if limit.size >= limit.capacity then return end
  local periods = passed > limit.period and math.floor(passed / limit.period) or 0
  local due = limit.tokens * (passed - periods * limit.period) + limit.part
  assert(limit.interval or due * MILLION < 2 ^ 63 - 2 ^ 53) -- beyond, Bucket4j rounds
  limit.size, limit.part = limit.size + periods * limit.tokens + math.floor(due / limit.period), due % limit.period
  if limit.size >= limit.capacity then limit.size, limit.part, limit.rest = limit.capacity, 0, 0 end
end

-- Where windows are concerned, the time of a limit that runs otherwise than the old one begins now.
local function lastRefill(limit, old, now)
  local same = limit.interval == old.interval and limit.first == old.first and limit.period == old.period
  if same or not (limit.interval or old.interval) then return old.last end
  local last = math.max(old.last, now)
  return limit.aligned and last - (last - limit.first) % limit.period or last
end

-- Keeps a limit as full as another was: the floating-point steps of Bucket4j one by one, so that no token differs.
local function inherit(limit, old, now)
  assert(math.max(limit.period, old.period) * MILLION < 2 * EXACT and old.size >= 0)
  limit.last = lastRefill(limit, old, now)
  if old.size >= old.capacity then return end
  local real = (old.size + (old.part * MILLION + old.rest) / (old.period * MILLION)) * (limit.capacity / old.capacity)
  if real >= limit.capacity then return end
  local part = limit.interval and 0 or math.floor(real % 1 * (limit.period * MILLION))
  limit.size, limit.part, limit.rest = math.floor(real), math.floor(part / MILLION), part % MILLION
end

-- A limit inherits from the one with the same period, or the only one from the only one; else it begins full.
local function reshape(old, full, now)
  local bucket = read(full)
  assert(old.tail == '')
  bucket.consumed = old.consumed
  for _, limit in ipairs(bucket) do
    local from = #old == 1 and #bucket == 1 and old[1] or nil
    for i = 1, #old do from = from or old[i].period == limit.period and old[i] or nil end
    if not limit.aligned then limit.last = now end
    if from then inherit(limit, from, now) end
    refill(limit, now)
  end
  return bucket
end

-- Returns the bucket as it is now; it counts as changed if it must be stored in any case.
local function open(stored, full, now)
  local bucket = read(stored or full)
  for _, limit in ipairs(bucket) do
    if not stored and not limit.aligned then limit.last = now end
    refill(limit, now)
  end
  assert(ARGV[3] == '' or #bucket.tail == 9 and struct.unpack('>i8', bucket.tail, 2) >= tonumber(ARGV[3]))
  if ARGV[2] ~= 'shape' then
    bucket.changed = not stored and ARGV[2] == 'keep'
    return bucket
  end
  local reshaped = string.sub(full, 5, #bucket.limits + 4) ~= bucket.limits
  if reshaped then bucket = reshape(bucket, full, now) end
  for _, limit in ipairs(bucket) do
    local window = limit.interval and not limit.aligned
    if window and limit.size >= limit.capacity then limit.last = math.max(limit.last, now) end -- begins with a request
  end
  bucket.changed = reshaped
  return bucket
end

-- Returns what is taken from each bucket, and the names of the requests that take a place in each set.
local function take(buckets, sets, amounts)
  local least, places, names = math.huge, math.huge, {}
  for _, bucket in ipairs(buckets) do
    for _, limit in ipairs(bucket) do least = math.min(least, limit.size) end
  end
  for _, set in ipairs(sets) do places = math.min(places, set.most - set.taken) end
  local left = least
  for i = amounts, #ARGV, #sets > 0 and 2 or 1 do
    local amount = tonumber(ARGV[i])
    if ARGV[1] == 'drain' then amount = math.max(0, math.min(amount, left)) end
    if amount <= left and #names < places then
      left = left - amount
      if #sets > 0 then names[#names + 1] = ARGV[i + 1] end
    end
  end
  return left < least and least - left or 0, names
end

local function charge(bucket, amount)
  for _, limit in ipairs(bucket) do limit.size = limit.size - amount end
  bucket.consumed = bucket.consumed + amount
  bucket.changed = bucket.changed or amount > 0
end

-- If tokens were granted to a limit beyond its capacity, what is refunded to all of them must fit into the others.
local function give(bucket, amount)
  local above, room = ARGV[1] == 'grant', amount
  for _, limit in ipairs(bucket) do
    above = above or limit.size > limit.capacity
    if ARGV[1] == 'refund' and limit.size <= limit.capacity then room = math.min(room, limit.capacity - limit.size) end
  end
  for _, limit in ipairs(bucket) do
    limit.size = limit.size + (above and room or amount)
    assert(limit.size < EXACT)
    if not above and limit.size >= limit.capacity then limit.size, limit.part, limit.rest = limit.capacity, 0, 0 end
  end
end

local function millisToLive(bucket, now)
  local untilFull = 0
  for _, limit in ipairs(bucket) do
    local missing = limit.capacity - limit.size
    if missing < 0 then return tonumber(ARGV[6]) end
    local wait = (missing * limit.period - limit.part) / limit.tokens
    if limit.interval then wait = math.ceil(missing / limit.tokens) * limit.period - now + limit.last end
    untilFull = math.max(untilFull, missing > 0 and wait or 0)
  end
  return math.max(1, tonumber(ARGV[4]) + math.floor(untilFull) * tonumber(ARGV[5]))
end

-- Everything is computed before the first key is written, so that no error leaves half of a decision behind.
local function decide(stored, sets, now)
  local count, buckets, names = tonumber(ARGV[7]), {}, {}
  for i = 1, count do buckets[i] = open(stored[i], ARGV[7 + i], now) end
  if ARGV[1] == 'take' or ARGV[1] == 'drain' then
    local amount
    amount, names = take(buckets, sets, 8 + count + 2 * #sets)
    for _, bucket in ipairs(buckets) do charge(bucket, amount) end
  else
    local amount = ARGV[#ARGV]
    give(buckets[1], tonumber(amount))
    buckets[1].changed = buckets[1].changed or amount ~= '0' and (stored[1] or ARGV[1] == 'grant')
  end
  for _, bucket in ipairs(buckets) do
    if bucket.changed then
      bucket.bytes = write(bucket)
      bucket.expiry = ARGV[4] ~= '' and {'PX', millisToLive(bucket, now)} or {}
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

local time, count = redis.call('TIME'), tonumber(ARGV[7])
local micros = time[1] * MILLION + time[2]
local now, stored, sets, answer = math.floor(micros / 1000), {}, {}, {micros}
for i = 1, count do
  stored[i] = redis.call('GET', KEYS[i])
  answer[i + 1] = stored[i] or ''
end
if count == 1 and not stored[1] and ARGV[8] == '' then return answer end
for i = count + 1, #KEYS do
  local set = openSet(KEYS[i], 8 + count + 2 * (i - count - 1), now)
  sets[#sets + 1], answer[i + 1] = set, set.taken
end
local decided, buckets, names = pcall(decide, stored, sets, now)
if not decided then return {} end
for i, bucket in ipairs(buckets) do
  if bucket.changed then redis.call('SET', KEYS[i], bucket.bytes, unpack(bucket.expiry)) end
end
for _, set in ipairs(sets) do enter(set, names, now) end
return answer
