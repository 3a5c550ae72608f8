-- Replaces the first bytes of what is stored if it begins as expected, and begins a new time to live; the rest stays.
-- Answers 1 also if this is carried out for the second time, as what is stored then begins with the new token.
-- Never makes the string longer, so that a lease cannot become a value without a payload.
-- Something else than a string begins with nothing, which pcall is for.
-- KEYS: entry   ARGV: expected beginning, new header, milliseconds
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then
  if redis.call('STRLEN', KEYS[1]) < #ARGV[2] then
    return 0
  end
  redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1
end
local own = string.sub(ARGV[2], 1, 17)
if #own == 17 and string.find(own, '^V') and redis.pcall('GETRANGE', KEYS[1], 0, 16) == own then
  return 1
end
return 0
