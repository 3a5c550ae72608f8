-- Changes the beginning of what is stored if it is as expected; the rest and the time to live stay.
-- KEYS: entry   ARGV: expected beginning, new beginning of the same length
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
return 1
