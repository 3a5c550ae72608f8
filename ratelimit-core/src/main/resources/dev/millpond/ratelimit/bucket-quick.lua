-- The usual case of bucket.lua, decided before anything is made for all others: tokens are taken from one bucket of one limit
-- that refills evenly, and what is stored has that limit. The bytes are those of bucket-format.lua, at the places where they
-- are then; numbers that would not be exact, and all other cases, are left to what follows.
local WORD, MILLION, EXACT, LEVEL = 4294967296, 1000000, 4503599627370496, 72
local seen, head, capacity, period, tokens

-- Reads the limit of a full bucket, which many calls in a row have alike; leaves none if it is not usual.
local function readFull(full)
  local format, configuration, limits, version, most, _, high, low, perPeriod, interval, _, _, named, kind, level, count =
    struct.unpack('>i4i4i4i4i8i8i4I4i8Bi8BBi4i4i4', full)
  local nanos = high % MILLION * WORD + low
  local millis = math.floor(high / MILLION) * WORD + math.floor(nanos / MILLION)
  local usual = format == 1 and configuration == 1 and limits == 1 and version == 1 and interval == 0 and named == 0
    and kind == 3 and level == 1 and count == 3
  local exact = nanos % MILLION == 0 and most < EXACT and perPeriod * millis < EXACT
  seen, head = full, usual and exact and string.sub(full, 1, LEVEL - 1)
  capacity, period, tokens = most, millis, perPeriod
end

local function quick(stored, full, now)
  if #stored ~= 107 or #full ~= 107 then return false end
  if full ~= seen then readFull(full) end
  if string.sub(stored, 1, LEVEL - 1) ~= head then return false end
  local lastHigh, lastLow, size, partHigh, partLow, statistics, consumed = struct.unpack('>i4I4i8i4I4i4i8', stored, LEVEL)
  local lastNanos = lastHigh % MILLION * WORD + lastLow
  local partNanos = partHigh % MILLION * WORD + partLow
  local last = math.floor(lastHigh / MILLION) * WORD + math.floor(lastNanos / MILLION)
  local part, rest = math.floor(partHigh / MILLION) * WORD + math.floor(partNanos / MILLION), partNanos % MILLION
  local exact = statistics == 1 and lastNanos % MILLION == 0 and math.abs(size) < EXACT and consumed < EXACT
  if not exact then return false end

  local passed = now - last
  if passed > 0 then
    last = now
    if size < capacity then
      local periods = passed > period and math.floor(passed / period) or 0
      local due = tokens * (passed - periods * period) + part
      if due * MILLION >= 2 ^ 63 - 2 ^ 53 then return false end
      size, part = size + periods * tokens + math.floor(due / period), due % period
      if size >= capacity then size, part, rest = capacity, 0, 0 end
    end
  end

  local left = size
  for i = 9, #ARGV, 2 do
    local amount = tonumber(ARGV[i])
    if amount > 0 and amount <= left then
      left = left - amount * math.min(tonumber(ARGV[i + 1]), math.floor(left / amount))
    end
  end
  if left == size then return true end

  local missing = capacity - left
  local untilFull = missing > 0 and math.max(0, (missing * period - part) / tokens) or 0
  local kept = missing < 0 and tonumber(ARGV[6])
    or math.max(1, tonumber(ARGV[4]) + math.floor(untilFull) * tonumber(ARGV[5]))
  lastNanos, partNanos = last % WORD * MILLION, part % WORD * MILLION + rest
  redis.call('SET', KEYS[1], head .. struct.pack('>i4I4i8i4I4i4i8',
    math.floor(last / WORD) * MILLION + math.floor(lastNanos / WORD), lastNanos % WORD, left,
    math.floor(part / WORD) * MILLION + math.floor(partNanos / WORD), partNanos % WORD, 1, consumed + size - left), 'PX', kept)
  return true
end

local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
-- For each call:
if #KEYS == 1 and ARGV[7] == '1' and ARGV[1] == 'take' and ARGV[2] == 'shape' and ARGV[3] == '' and ARGV[4] ~= '' then
  local stored = redis.call('GET', KEYS[1])
  if stored and quick(stored, ARGV[8], math.floor(micros / 1000)) then return {micros, stored} end
end
