-- Adds to how often keys of one cache were read. Old counts fade, by half in a half-life.
-- KEYS: sorted set of the keys' texts, hash of its life and the time since which counts fade
-- ARGV: the life that the node knows, or nothing to add in any case; a life to begin; half-life in ms, most keys, time to
--       live in ms, and the least count that is kept; then texts and counts in turn
-- Returns the life, or nothing if the set is not the one that the node knows: it was lost, and the node has to send all
-- that it has.
local half_life, most, time_to_live, least = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])
local fading = redis.call('HMGET', KEYS[2], 'life', 'since')
local life, since = fading[1], tonumber(fading[2])
local lost = not life or not since or redis.call('EXISTS', KEYS[1]) == 0
if ARGV[1] ~= '' and (lost or life ~= ARGV[1]) then
  return ''
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if lost then
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1)
  life, since = ARGV[2], now
  redis.call('HSET', KEYS[2], 'life', life, 'since', since)
end
-- What is new counts for more, instead of all that is old for less: only after hundreds of half-lives, before numbers get
-- too large, is everything written anew.
local age = math.floor((now - since) / half_life)
if age > 500 then
  redis.call('ZUNIONSTORE', KEYS[1], 1, KEYS[1], 'WEIGHTS', 2 ^ -age)
  since = since + age * half_life
  redis.call('HSET', KEYS[2], 'since', since)
end
local weight = 2 ^ ((now - since) / half_life)
for i = 7, #ARGV, 2 do
  redis.call('ZINCRBY', KEYS[1], ARGV[i + 1] * weight, ARGV[i])
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -most - 1)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.17g', least * weight))
-- Whoever adds nothing only looks whether the set is still there, and does not keep it.
if lost or #ARGV > 6 then
  redis.call('PEXPIRE', KEYS[1], time_to_live)
  redis.call('PEXPIRE', KEYS[2], time_to_live)
end
return life
