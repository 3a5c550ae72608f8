-- Replaces what is stored if it begins with the expected bytes; losing the key for any reason makes this fail.
-- Something else than a string is treated as an empty one.
-- KEYS: entry   ARGV: expected beginning, new bytes, milliseconds, channel that tells those who wait for a lease
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local stored = redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if type(stored) == 'table' then
  stored = ''
end
if stored ~= ARGV[1] then
  -- A value or lease of this very attempt is there if this is carried out for the second time.
  local own = string.sub(ARGV[2], 1, 17)
  if #own == 17 and string.find(own, '^[LV]') and redis.pcall('GETRANGE', KEYS[1], 0, 16) == own then
    return 1
  end
  return 0
end
local waited = string.sub(ARGV[1], 1, 1) == 'L' and redis.call('STRLEN', KEYS[1]) == 18
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if waited then
  -- A user without the channel's permission still stores.
  redis.pcall('PUBLISH', ARGV[4], 'released|' .. KEYS[1])
end
return 1
