-- Takes tokens from a bucket in one step, by the clock of Redis, like bucket.lua; and lends some to a node, which then decides
-- on them by itself until it has used them or their time is over.
--
-- What the bucket holds and what is lent of it is never more than its capacity, though others who know of no leases refill the
-- bucket: so much stays free as can come until the lease ends. For that, a bucket that is almost full gives up a small part
-- of its capacity, or the lease is shorter. Of a window, a lease ends with it.
-- Before it stand KEPT, which is not nil, ONCE_FULL and KEPT_ABOVE as in bucket.lua.
-- KEYS[1] the bucket; KEYS[2] a hash of leases by name, each with its tokens and the millisecond at which it ends
-- ARGV[1] like bucket.lua; or its first word is reset: the bucket holds all but what is lent; or return: a lease is given back,
-- and nothing else happens; ARGV[2] a full bucket
-- ARGV[3] the lease that is given back, or empty, ARGV[4] its tokens that were not used
-- ARGV[5] the name of a new lease, ARGV[6] its tokens at most, ARGV[7] its milliseconds at most
-- ARGV[8] how many times what a bucket may give up is contained in its capacity; then the amounts, each followed by how
-- many requests in a row want it
-- Returns the time in microseconds, the bucket before anything was taken and after, and the tokens that are lent and for how
-- many milliseconds; or nothing if it cannot be decided here.
local LEAST, BRIEFEST = 2, 2

local function ceil(shares, limit) return math.ceil((shares + 1) / limit.period) end

-- Returns what others have been lent and until when, which leases are over, and what comes back of the one given back.
local function readLeases(now)
  local leases = {held = 0, last = now, over = {}, back = 0}
  local stored = redis.pcall('HGETALL', KEYS[2])
  for i = 1, #stored, 2 do
    local tokens, ends = string.match(stored[i + 1], '^(%d+) (%d+)$')
    tokens, ends = tonumber(tokens), tonumber(ends)
    if not ends or ends <= now then
      table.insert(leases.over, stored[i])
    elseif stored[i] == ARGV[3] then
      table.insert(leases.over, stored[i])
      leases.back = math.min(tokens, tonumber(ARGV[4]))
    else
      leases.held, leases.last = leases.held + tokens, math.max(leases.last, ends)
    end
  end
  leases.unreadable = stored.err
  return leases
end

-- Tokens of other limits are worth something else.
local function giveBack(bucket, tokens)
  if bucket.changed or tokens == 0 or not hasLimitsOf(bucket, ARGV[2]) then return end
  for _, limit in ipairs(bucket) do
    local above = limit.size > limit.capacity -- tokens were granted
    limit.size = above and limit.size + tokens or math.min(limit.capacity, limit.size + tokens)
    if limit.size == limit.capacity then limit.part, limit.rest = 0, 0 end
  end
  bucket.consumed, bucket.changed = math.max(0, bucket.consumed - tokens), true
end

-- Returns how many tokens must stay free for those that come until a lease ends.
local function growth(limit, millis)
  return limit.interval and 0 or ceil(limit.tokens * millis + limit.part, limit)
end

-- Returns for how long tokens can be lent of a limit.
local function longest(limit, held, now)
  local room = limit.capacity - held - limit.size
  if room < 0 then return 0 end
  if limit.interval then return limit.last + limit.period - now - 1 end
  local shares = math.max(room, math.floor(limit.capacity / ARGV[8])) * limit.period
  if shares >= EXACT then return 0 end
  return math.floor((shares - limit.part) / limit.tokens) - 2
end

local function lend(bucket, held, now)
  local tokens, millis = tonumber(ARGV[6]), tonumber(ARGV[7])
  for _, limit in ipairs(bucket) do
    tokens = math.min(tokens, math.floor(limit.size / 4))
    millis = math.min(millis, longest(limit, held, now))
  end
  if tokens < LEAST or millis < BRIEFEST then return 0, 0 end
  local sizes = {}
  for i, limit in ipairs(bucket) do
    local room = limit.capacity - held - limit.size
    sizes[i] = limit.size - tokens - math.max(0, growth(limit, millis + 1) - room)
    if sizes[i] < 0 then return 0, 0 end
  end
  for i, limit in ipairs(bucket) do limit.size = sizes[i] end
  bucket.consumed, bucket.changed = bucket.consumed + tokens, true
  return tokens, millis
end

local function reset(bucket, leases, now)
  for _, limit in ipairs(bucket) do
    local size = limit.capacity - leases.held - (leases.held > 0 and growth(limit, leases.last - now) or 0)
    limit.size, limit.part, limit.rest = math.max(0, size), 0, 0
    if not limit.aligned then limit.last = now end
  end
  bucket.changed = true
end

-- Everything is computed before the first key is written, so that no error leaves half of a decision behind.
local function decide(stored, leases, now)
  local bucket = open(stored, ARGV[2], now)
  giveBack(bucket, leases.back)
  if operation == 'reset' then reset(bucket, leases, now) end
  bucket.before = write(bucket)
  charge(bucket, (take({bucket}, {}, 9)))
  local tokens, millis = lend(bucket, leases.held, now)
  bucket.after = write(bucket)
  return bucket, tokens, millis, millisToLive(bucket, now)
end

local time, stored = redis.call('TIME'), redis.pcall('GET', KEYS[1])
if type(stored) == 'table' then return {} end -- a key of another type
local micros = time[1] * MILLION + time[2]
local now = math.floor(micros / 1000)
local leases = readLeases(now)
local decided, bucket, tokens, millis, kept = pcall(decide, stored, leases, now)
if not decided then return {} end
if operation == 'reset' and leases.held == 0 then
  redis.call('DEL', KEYS[1])
elseif bucket.changed then
  redis.call('SET', KEYS[1], bucket.after, 'PX', kept)
end
if leases.unreadable then redis.call('DEL', KEYS[2]) end
-- While a slot moves, a hash that has become empty could not be made anew: so what is new comes first.
local ends = now + millis + 1 -- the node stops in time, though it does not know when in a millisecond this was
if tokens > 0 then redis.call('HSET', KEYS[2], ARGV[5], tokens .. ' ' .. ends) end
if #leases.over > 0 then redis.call('HDEL', KEYS[2], unpack(leases.over)) end
if tokens > 0 then redis.call('PEXPIRE', KEYS[2], math.max(leases.last, ends) - now) end
return {micros, bucket.before, bucket.after, tokens, millis}
