-- Returns what is stored, or stores the lease and returns nothing; carried out twice, it answers the same twice.
-- A lease that is returned is marked as waited for, so that whoever replaces it says so.
-- A key that holds something else than a string is answered as an empty one.
-- KEYS: entry   ARGV: lease, milliseconds
local stored = redis.pcall('GET', KEYS[1])
if type(stored) == 'table' then
  return string.find(stored.err, 'WRONGTYPE', 1, true) and '' or stored
end
if stored == ARGV[1] or stored == ARGV[1] .. '+' then
  return false
end
if stored then
  if #stored == 17 and string.sub(stored, 1, 1) == 'L' then
    redis.call('APPEND', KEYS[1], '+')
  end
  return stored
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
