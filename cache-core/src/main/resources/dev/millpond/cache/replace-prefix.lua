-- Changes the beginning of what is stored if it is as expected; the rest and the time to live stay.
-- Answers 1 also if it is changed already, as when this is carried out for the second time.
-- Something else than a string begins with nothing, which pcall is for.
-- KEYS: entry   ARGV: expected beginning, new beginning of the same length
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then
  redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
  return 1
end
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[2] - 1) == ARGV[2] then
  return 1
end
return 0
