-- What becomes of a bucket with time, with other limits, and when tokens are taken. ARGV[1] is that of bucket.lua.
local operation, mode, version, count = string.match(ARGV[1], '^(%a+) (%a*) (%-?%d*) (%d+)$')

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

local function hasLimitsOf(bucket, full) return string.sub(full, 5, #bucket.limits + 4) == bucket.limits end

-- Returns the bucket as it is now; it counts as changed if it must be stored in any case.
local function open(stored, full, now)
  local bucket = read(stored or full)
  for _, limit in ipairs(bucket) do
    if not stored and not limit.aligned then limit.last = now end
    refill(limit, now)
  end
  assert(version == '' or #bucket.tail == 9 and struct.unpack('>i8', bucket.tail, 2) >= tonumber(version))
  if mode ~= 'shape' then
    bucket.changed = not stored and mode == 'keep'
    return bucket
  end
  local reshaped = not hasLimitsOf(bucket, full)
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
  for i = amounts, #ARGV, 2 do
    local amount, times = tonumber(ARGV[i]), #sets > 0 and 1 or tonumber(ARGV[i + 1])
    if operation == 'drain' then amount = math.max(0, math.min(amount, left)) end
    if amount <= left and #names < places then
      if amount > 0 then left = left - amount * math.min(times, math.floor(left / amount)) end
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

local function millisToLive(bucket, now)
  local untilFull, above = 0, false
  for _, limit in ipairs(bucket) do
    local missing = limit.capacity - limit.size
    above = above or missing < 0
    local wait = (missing * limit.period - limit.part) / limit.tokens
    if limit.interval then wait = math.ceil(missing / limit.tokens) * limit.period - now + limit.last end
    untilFull = math.max(untilFull, missing > 0 and wait or 0)
  end
  return math.max(1, KEPT + math.floor(untilFull) * ONCE_FULL, above and KEPT_ABOVE or 1)
end
