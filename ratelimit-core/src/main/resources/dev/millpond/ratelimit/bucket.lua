-- Decides on one bucket in one step, by the clock of Redis.
-- KEYS[1] the bucket
-- ARGV[1] take: each amount if it is all there, in order; drain: what is there; refund: up to the capacity; grant: beyond
-- ARGV[2] a full bucket, for one that is absent; if empty, an absent bucket stays absent
-- ARGV[3] shape: a bucket with other limits gets those of ARGV[2]; keep: a new bucket is stored even if nothing is taken
-- ARGV[4] the version that the configuration must have reached, or empty
-- ARGV[5] milliseconds that a bucket is kept, or empty for ever; ARGV[6] 1: once it is full, 0: from now on
-- ARGV[7] milliseconds that one above its capacity is kept; ARGV[8] and so on: the amounts
-- Returns the time in microseconds and the bucket as it was; or nothing if it cannot be decided here.
local function refill(limit, now)
  local till = limit.interval and now - (now - limit.last) % limit.period or now
  local passed = till - limit.last
  if passed <= 0 then return end
  limit.last = till
  if limit.size >= limit.capacity then return end
  local periods = passed > limit.period and math.floor(passed / limit.period) or 0
  local due = limit.tokens * (passed - periods * limit.period) + limit.part
  assert(due * MILLION < 2 ^ 63 - 2 ^ 53) -- beyond, Bucket4j rounds
  limit.size, limit.part = limit.size + periods * limit.tokens + math.floor(due / limit.period), due % limit.period
  if limit.size >= limit.capacity then limit.size, limit.part, limit.rest = limit.capacity, 0, 0 end
end

-- Keeps a limit as full as another was: the floating-point steps of Bucket4j one by one, so that no token differs.
local function inherit(limit, old)
  assert(math.max(limit.period, old.period) * MILLION < 2 * EXACT and old.size >= 0)
  limit.last = old.last
  if old.size >= old.capacity then return end
  local real = (old.size + (old.part * MILLION + old.rest) / (old.period * MILLION)) * (limit.capacity / old.capacity)
  if real >= limit.capacity then return end
  local part = math.floor(real % 1 * (limit.period * MILLION))
  limit.size, limit.part, limit.rest = math.floor(real), math.floor(part / MILLION), part % MILLION
end

-- A limit inherits from the one with the same period, or the only one from the only one; else it begins full.
local function reshape(old, now)
  local bucket = read(ARGV[2])
  assert(old.tail == '')
  bucket.consumed = old.consumed
  for _, limit in ipairs(bucket) do
    local from = #old == 1 and #bucket == 1 and old[1] or nil
    for i = 1, #old do from = from or old[i].period == limit.period and old[i] or nil end
    limit.last = now
    if from then inherit(limit, from) end
  end
  return bucket
end

-- Returns the bucket as it is now, and whether it must be stored in any case.
local function open(stored, now)
  local bucket = read(stored or ARGV[2])
  for _, limit in ipairs(bucket) do
    if not stored and not limit.aligned then limit.last = now end
    refill(limit, now)
  end
  assert(ARGV[4] == '' or #bucket.tail == 9 and struct.unpack('>i8', bucket.tail, 2) >= tonumber(ARGV[4]))
  if ARGV[3] == 'shape' and string.sub(ARGV[2], 5, #bucket.limits + 4) ~= bucket.limits then
    return reshape(bucket, now), true
  end
  return bucket, not stored and ARGV[3] == 'keep'
end

local function take(bucket)
  local least = math.huge
  for _, limit in ipairs(bucket) do least = math.min(least, limit.size) end
  local left = least
  for i = 8, #ARGV do
    local amount = tonumber(ARGV[i])
    if ARGV[1] == 'drain' then amount = math.max(0, math.min(amount, left)) end
    if amount <= left then left = left - amount end
  end
  for _, limit in ipairs(bucket) do limit.size = limit.size - (least - left) end
  bucket.consumed = bucket.consumed + (least - left)
  return left < least
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
    if missing < 0 then return tonumber(ARGV[7]) end
    local wait = (missing * limit.period - limit.part) / limit.tokens
    if limit.interval then wait = math.ceil(missing / limit.tokens) * limit.period - now + limit.last end
    untilFull = math.max(untilFull, missing > 0 and wait or 0)
  end
  return math.max(1, tonumber(ARGV[5]) + math.floor(untilFull) * tonumber(ARGV[6]))
end

local function decide(stored, now)
  local bucket, changed = open(stored, now)
  if ARGV[1] == 'take' or ARGV[1] == 'drain' then return bucket, take(bucket) or changed end
  give(bucket, tonumber(ARGV[8]))
  return bucket, changed or ARGV[8] ~= '0' and (stored or ARGV[1] == 'grant')
end

local time, stored = redis.call('TIME'), redis.call('GET', KEYS[1])
local micros = time[1] * MILLION + time[2]
if not stored and ARGV[2] == '' then return {micros, ''} end
local now = math.floor(micros / 1000)
local decided, bucket, changed = pcall(decide, stored, now)
if not decided then return {} end
if changed then
  local expiry = ARGV[5] ~= '' and {'PX', millisToLive(bucket, now)} or {}
  redis.call('SET', KEYS[1], write(bucket), unpack(expiry))
end
return {micros, stored or ''}
