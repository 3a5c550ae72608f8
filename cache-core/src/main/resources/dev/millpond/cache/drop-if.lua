-- Removes what is stored if it begins with the expected bytes.
-- Something else than a string begins with nothing, which pcall is for.
-- KEYS: entry   ARGV: expected beginning, channel that tells those who wait for a lease
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
local waited = string.sub(ARGV[1], 1, 1) == 'L' and redis.call('STRLEN', KEYS[1]) == 18
local removed = redis.call('UNLINK', KEYS[1])
if waited then
  redis.pcall('PUBLISH', ARGV[2], 'released|' .. KEYS[1])
end
return removed
