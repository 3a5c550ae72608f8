-- Removes what is stored if it begins with the expected bytes.
-- KEYS: entry   ARGV: expected beginning
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then
  return redis.call('UNLINK', KEYS[1])
end
return 0
