-- Appends one invalidation to the log and tells all nodes.
-- KEYS: table, log
-- ARGV: epoch to begin, most records, most names, channel, PUBLISH or SPUBLISH, names joined by newlines, their number,
--       the node's epoch, sequence applied there
-- Begins a new epoch if there is none, or if the log knows less of its epoch than the node: it was rewound.
local most_records, most_names, added = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[7])
local state = redis.call('HMGET', KEYS[1], '@e', '@s', '@n')
local epoch, sequence, names = state[1], tonumber(state[2]) or 0, tonumber(state[3]) or 0
if not epoch or (epoch == ARGV[8] and sequence < tonumber(ARGV[9])) then
  epoch, sequence, names = ARGV[1], 0, 0
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], '@e', epoch, '@f', 0)
end
sequence = sequence + 1
names = names + added
redis.call('HSET', KEYS[1], '@s', sequence, '@n', names)
redis.call('XADD', KEYS[2], sequence .. '-0', 't', ARGV[6], 'n', added)
local length = redis.call('XLEN', KEYS[2])
if length == 1 and sequence > 1 then
  -- The records were lost without the table: whatever they named is forgotten.
  names = added
  redis.call('HSET', KEYS[1], '@f', sequence - 1, '@n', names)
end
-- A thousandth is forgotten at once, so that most calls need not. Every record has a name at least, so forgetting as many
-- records as names were added always makes enough room: the cost of a call is bounded by what it adds.
if length > 1 and (length > most_records or names > most_names) then
  local kept, floor, at_once = length, nil, 1
  local function too_long()
    local enough = kept <= most_records * 0.999 and names <= most_names * 0.999
    return not enough and kept > 1 and length - kept <= added + most_records * 0.001
  end
  while too_long() do
    local from = floor and '(' .. floor or '-'
    for _, record in ipairs(redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', at_once)) do
      if too_long() then
        floor, kept, names = record[1], kept - 1, names - (tonumber(record[2][4]) or 1)
      end
    end
    at_once = at_once * 2
  end
  if kept == 1 then
    -- Whatever the count was by now, the names left are these: another program may have cut the log.
    names = added
  end
  redis.call('XTRIM', KEYS[2], 'MAXLEN', kept)
  redis.call('HSET', KEYS[1], '@f', string.match(floor, '%d+'), '@n', names)
end
-- A user without the channel's permission still invalidates; other nodes learn of it by their polls.
redis.pcall(ARGV[5], ARGV[4], epoch .. '|' .. sequence .. '|' .. ARGV[6])
return epoch .. '|' .. sequence
