-- Bucket4j's binary format of a bucket: an integer for the format, the limits, their levels, statistics, and perhaps
-- the version of the configuration. What is not exactly as expected raises an error.

-- Numbers are exact below 2^53 only, and nanoseconds are larger: they are kept as milliseconds and a rest.
local WORD, MILLION, EXACT, UNSET = 4294967296, 1000000, 4503599627370496, -9223372036854775808

local function millis(high, low)
  local part = high % MILLION * WORD + low
  return math.floor(high / MILLION) * WORD + math.floor(part / MILLION), part % MILLION
end

local function nanos(ms, rest)
  local part = ms % WORD * MILLION + rest
  return struct.pack('>i4I4', math.floor(ms / WORD) * MILLION + math.floor(part / WORD), part % WORD)
end

-- Reads one limit: it refills by so many tokens per period, evenly or at the end of each interval.
local function readLimit(bytes, at)
  local version, capacity, _, high, low, tokens, interval, first, _, named, after =
    struct.unpack('>i4i8i8i4I4i8Bi8BB', bytes, at)
  local period, rest = millis(high, low)
  assert(version == 1 and rest == 0 and capacity < EXACT and tokens * period < EXACT)
  if named == 1 then after = after + 2 + struct.unpack('>I2', bytes, after) end
  return {capacity = capacity, tokens = tokens, period = period, interval = interval == 1, first = first,
    aligned = first ~= UNSET}, after
end

-- Reads the level of a limit: whole tokens, when it was refilled last, and the part of the next token, which counts up to
-- the period in milliseconds and a rest.
local function readLevel(limit, bytes, at)
  local high, low, size, partHigh, partLow, after = struct.unpack('>i4I4i8i4I4', bytes, at)
  local last, rest = millis(high, low)
  assert(rest == 0 and math.abs(size) < EXACT)
  limit.size, limit.last = size, last
  limit.part, limit.rest = millis(partHigh, partLow)
  return after
end

local function read(bytes)
  local format, version, count, at = struct.unpack('>i4i4i4', bytes)
  assert((format == 1 or format == 2) and version == 1 and count >= 1)
  local bucket, kind, size = {}, nil, nil
  for i = 1, count do bucket[i], at = readLimit(bytes, at) end
  bucket.limits = string.sub(bytes, 5, at - 1)
  kind, version, size, at = struct.unpack('>i4i4i4', bytes, at)
  assert(kind == 3 and version == 1 and size == 3 * count)
  bucket.head = string.sub(bytes, 1, at - 1)
  for i = 1, count do at = readLevel(bucket[i], bytes, at) end
  version, bucket.consumed, at = struct.unpack('>i4i8', bytes, at)
  bucket.tail = string.sub(bytes, at)
  assert(version == 1 and bucket.consumed < EXACT)
  assert(#bucket.tail == (format == 1 and 0 or string.byte(bucket.tail) * 8 + 1))
  return bucket
end

local function write(bucket)
  local parts = {bucket.head}
  for _, limit in ipairs(bucket) do
    parts[#parts + 1] = nanos(limit.last, 0) .. struct.pack('>i8', limit.size) .. nanos(limit.part, limit.rest)
  end
  parts[#parts + 1] = struct.pack('>i4i8', 1, bucket.consumed) .. bucket.tail
  return table.concat(parts)
end
