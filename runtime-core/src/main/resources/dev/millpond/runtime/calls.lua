-- Runs a script for several callers, each of whom is answered or fails alone. It stands above: what all calls share, and the
-- function "call", which finds the keys and arguments of one caller in the local variables KEYS and ARGV.
-- KEYS the keys of all; ARGV[1] how many arguments follow that all have first, then these
-- then for each the numbers of its keys and of its other arguments, and those
-- Returns for each 1 and the answer, or 0 and the text of the error.
local function put(into, after, from, at, count)
  for i = 1, count do into[after + i] = from[at + i] end
  for i = #into, after + count + 1, -1 do into[i] = nil end
end

-- The tables are made once: that is quicker, and no script changes what it is given.
local answers, allKeys, all, common, key = {}, KEYS, ARGV, tonumber(ARGV[1]), 0
KEYS, ARGV = {}, {}
put(ARGV, 0, all, 1, common)
local at = common + 2
while at < #all do
  local keys, others = tonumber(all[at]), tonumber(all[at + 1])
  put(KEYS, 0, allKeys, key, keys)
  put(ARGV, common, all, at + 1, others)
  key, at = key + keys, at + 2 + others
  local done, answer = pcall(call)
  local failure = type(answer) == 'table' and answer.err
  if not done then failure = failure or tostring(answer) end
  answers[#answers + 1] = failure and {0, failure} or {1, answer}
end
return answers
