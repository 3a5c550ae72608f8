-- Returns epoch, last sequence, floor, and what a node has not applied yet as sequence, names, sequence, names ...: the
-- oldest of that, at least one and no more than fit into a page.
-- It begins a new epoch if the log is new, or was lost or rewound: another server answers, or it knows less than the node.
-- A write on purpose, so that a master that was voted out refuses it.
-- KEYS: table, log   ARGV: the node's epoch, sequence applied there, epoch to begin, most records, most bytes
local state = redis.call('HMGET', KEYS[1], '@e', '@s', '@f', '@r')
local permitted, info = pcall(redis.call, 'INFO', 'server')
local run = permitted and type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
local moved = run ~= '' and state[4] and state[4] ~= run
local rewound = state[1] == ARGV[1] and (tonumber(state[2]) or 0) < tonumber(ARGV[2])
if not state[1] or not state[2] or moved or rewound then
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], '@e', ARGV[3], '@s', 0, '@f', 0, '@n', 0, '@r', run)
  return {ARGV[3], '0', '0'}
end
if not state[4] then
  redis.call('HSET', KEYS[1], '@r', run)
end
local answer = {state[1], state[2], state[3] or '0'}
local from = state[1] == ARGV[1] and ARGV[2] or '0'
if tonumber(state[2]) <= tonumber(from) then
  return answer
end
-- In steps that begin small, because records may be large.
local records, bytes, at_once = 0, 0, 5
local read
repeat
  at_once = math.min(at_once * 2, 100)
  read = redis.call('XRANGE', KEYS[2], '(' .. from .. '-0', '+', 'COUNT', at_once)
  for _, record in ipairs(read) do
    records, bytes = records + 1, bytes + #record[2][2]
    if records > 1 and (records > tonumber(ARGV[4]) or bytes > tonumber(ARGV[5])) then
      return answer
    end
    from = string.match(record[1], '%d+')
    answer[#answer + 1] = from
    answer[#answer + 1] = record[2][2]
  end
until #read < at_once
return answer
