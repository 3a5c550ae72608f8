-- Returns what is stored, or stores the lease and returns nothing.
-- KEYS: entry   ARGV: lease, milliseconds
local stored = redis.call('GET', KEYS[1])
if stored then
  return stored
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
