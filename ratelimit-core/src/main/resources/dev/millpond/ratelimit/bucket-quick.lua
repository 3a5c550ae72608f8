-- The usual case of bucket.lua, decided before anything is made for all others: tokens are taken from one bucket of one limit
-- that refills evenly, and what is stored has that limit, or nothing is stored, and the bucket is full. The bytes are those of
-- bucket-format.lua, at the places where they are then; numbers that would not be exact, and all other cases, break off here
-- and are left to what follows.
-- No functions: each call would make them anew, with all that they refer to, which takes longer than what they compute.
local WORD, MILLION, EXACT, LEVEL = 4294967296, 1000000, 4503599627370496, 72

local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
-- For each call:
repeat
  if #KEYS ~= 1 or ARGV[1] ~= 'take shape  1' or not KEPT then break end
  local found, full = redis.call('GET', KEYS[1]), ARGV[2]
  local bytes = found or full
  if #bytes ~= 107 or #full ~= 107 then break end
  local head = string.sub(bytes, 1, LEVEL - 1)
  if head ~= string.sub(full, 1, LEVEL - 1) then break end

  local format, configuration, limits, version, capacity, _, high, low, tokens, interval, _, _, named, kind, level, count,
    lastHigh, lastLow, size, partHigh, partLow, statistics, consumed =
    struct.unpack('>i4i4i4i4i8i8i4I4i8Bi8BBi4i4i4i4I4i8i4I4i4i8', bytes)
  local usual = format == 1 and configuration == 1 and limits == 1 and version == 1 and interval == 0 and named == 0
    and kind == 3 and level == 1 and count == 3 and statistics == 1
  if not usual then break end
  local nanos = high % MILLION * WORD + low
  local lastNanos = lastHigh % MILLION * WORD + lastLow
  local partNanos = partHigh % MILLION * WORD + partLow
  local period = math.floor(high / MILLION) * WORD + math.floor(nanos / MILLION)
  local last = math.floor(lastHigh / MILLION) * WORD + math.floor(lastNanos / MILLION)
  local part, rest = math.floor(partHigh / MILLION) * WORD + math.floor(partNanos / MILLION), partNanos % MILLION
  local exact = nanos % MILLION == 0 and lastNanos % MILLION == 0 and capacity < EXACT and tokens * period < EXACT
    and math.abs(size) < EXACT and consumed < EXACT
  if not exact then break end

  if not found then last = now end -- it begins now, whatever its bytes say
  local passed = now - last
  if passed > 0 then
    last = last + passed
    if size < capacity then
      local periods = passed > period and math.floor(passed / period) or 0
      local due = tokens * (passed - periods * period) + part
      if due * MILLION >= 2 ^ 63 - 2 ^ 53 then break end
      size, part = size + periods * tokens + math.floor(due / period), due % period
      if size >= capacity then size, part, rest = capacity, 0, 0 end
    end
  end

  local left = size
  for i = 3, #ARGV, 2 do
    local amount = tonumber(ARGV[i])
    if amount > 0 and amount <= left then
      left = left - amount * math.min(tonumber(ARGV[i + 1]), math.floor(left / amount))
    end
  end
  local answer = {micros, found or ''}
  if left == size then return answer end

  local missing = capacity - left
  local untilFull = missing > 0 and math.max(0, (missing * period - part) / tokens) or 0
  local kept = missing < 0 and KEPT_ABOVE or math.max(1, KEPT + math.floor(untilFull) * ONCE_FULL)
  lastNanos, partNanos = last % WORD * MILLION, part % WORD * MILLION + rest
  redis.call('SET', KEYS[1], head .. struct.pack('>i4I4i8i4I4i4i8',
    math.floor(last / WORD) * MILLION + math.floor(lastNanos / WORD), lastNanos % WORD, left,
    math.floor(part / WORD) * MILLION + math.floor(partNanos / WORD), partNanos % WORD, 1, consumed + size - left), 'PX', kept)
  return answer
until true
