-- Replaces what is stored if it begins with the expected bytes; losing the key for any reason makes this fail.
-- KEYS: entry   ARGV: expected beginning, new bytes, milliseconds
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
