-- Returns epoch, last sequence, floor, and what a node has not applied yet as sequence, names, sequence, names ...
-- It begins a new epoch if the log is new, or was lost or rewound: another server answers, or it knows less than the node.
-- A write on purpose, so that a master that was voted out refuses it.
-- KEYS: table, log   ARGV: the node's epoch, sequence applied there, epoch to begin, most records
local state = redis.call('HMGET', KEYS[1], '@e', '@s', '@f', '@r')
local permitted, info = pcall(redis.call, 'INFO', 'server')
local run = permitted and type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
local moved = run ~= '' and state[4] and state[4] ~= run
local rewound = state[1] == ARGV[1] and tonumber(state[2]) < tonumber(ARGV[2])
if not state[1] or moved or rewound then
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], '@e', ARGV[3], '@s', 0, '@f', 0, '@r', run)
  return {ARGV[3], '0', '0'}
end
if not state[4] then
  redis.call('HSET', KEYS[1], '@r', run)
end
local answer = {state[1], state[2], state[3]}
local from = state[1] == ARGV[1] and ARGV[2] or '0'
if tonumber(state[2]) > tonumber(from) then
  for _, record in ipairs(redis.call('XRANGE', KEYS[2], '(' .. from .. '-0', '+', 'COUNT', ARGV[4])) do
    answer[#answer + 1] = string.match(record[1], '%d+')
    answer[#answer + 1] = record[2][2]
  end
end
return answer
