-- Appends one invalidation to the log and tells all nodes.
-- KEYS: table, log
-- ARGV: epoch to begin, longest log, channel, PUBLISH or SPUBLISH, names joined by newlines, the node's epoch, sequence
--       applied there, name...
-- Begins a new epoch if there is none, or if the log knows less of its epoch than the node: it was rewound.
local state = redis.call('HMGET', KEYS[1], '@e', '@s', '@r')
local epoch = state[1]
if not epoch or (epoch == ARGV[6] and tonumber(state[2]) < tonumber(ARGV[7])) then
  epoch = ARGV[1]
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], '@e', epoch, '@s', 0, '@f', 0)
end
local sequence = redis.call('HINCRBY', KEYS[1], '@s', 1)
for i = 8, #ARGV do
  redis.call('HSET', KEYS[1], ARGV[i], sequence)
end
redis.call('XADD', KEYS[2], sequence .. '-0', 't', ARGV[5])
local length = redis.call('XLEN', KEYS[2])
if length == 1 and sequence > 1 then
  -- The records were lost without the table: nothing would ever take their names out of it again.
  redis.call('UNLINK', KEYS[1])
  redis.call('HSET', KEYS[1], '@e', epoch, '@s', sequence, '@f', sequence - 1)
  if state[3] then
    redis.call('HSET', KEYS[1], '@r', state[3])
  end
  for i = 8, #ARGV do
    redis.call('HSET', KEYS[1], ARGV[i], sequence)
  end
elseif length > tonumber(ARGV[2]) then
  -- Two records a call at most keep the log bounded at a bounded cost.
  for _, record in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 2)) do
    local oldest = string.match(record[1], '%d+')
    for name in string.gmatch(record[2][2], '[^\n]+') do
      if redis.call('HGET', KEYS[1], name) == oldest then
        redis.call('HDEL', KEYS[1], name)
      end
    end
    redis.call('XDEL', KEYS[2], record[1])
    redis.call('HSET', KEYS[1], '@f', oldest)
  end
end
-- A user without the channel's permission still invalidates; other nodes learn of it by their polls.
redis.pcall(ARGV[4], ARGV[3], epoch .. '|' .. sequence .. '|' .. ARGV[5])
return epoch .. '|' .. sequence
